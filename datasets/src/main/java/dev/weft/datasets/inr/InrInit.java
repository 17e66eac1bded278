package dev.weft.datasets.inr;

import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.symmetry.NeuronPermutation;

/** What a zoo's networks start from; recorded in the zoo, since it decides how hard its tasks are. */
public enum InrInit {
    /** Each network has a start of its own, as in the published data sets. */
    RANDOM {
        @Override
        Seed seed(Seed zoo, int image, int view) {
            return zoo.split("inr").split(image).split(view);
        }
    },
    /** All networks have the same start: their neurons stay comparable, and classifying them is far easier. */
    SHARED {
        @Override
        Seed seed(Seed zoo, int image, int view) {
            return zoo.split("inr").split("shared");
        }
    },
    /**
     * As {@link #SHARED}, and then each network's hidden neurons are shuffled, an exact symmetry: the functions are those
     * of a shared start, but a reader that does not know the symmetry finds nothing comparable. Between the other two in
     * difficulty for those that do.
     */
    SHUFFLED {
        @Override
        Seed seed(Seed zoo, int image, int view) {
            return SHARED.seed(zoo, image, view);
        }

        @Override
        float[] finished(Architecture architecture, float[] row, Seed network) {
            return NeuronPermutation.random(architecture, network).apply(row);
        }
    };

    /** Returns what is kept of a fitted row of P values. */
    float[] finished(Architecture architecture, float[] row, Seed network) {
        return row;
    }

    /** Returns the seed of one network. */
    abstract Seed seed(Seed zoo, int image, int view);
}
