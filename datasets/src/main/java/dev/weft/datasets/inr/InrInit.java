package dev.weft.datasets.inr;

import dev.weft.network.Seed;

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
    };

    /** Returns the seed of one network. */
    abstract Seed seed(Seed zoo, int image, int view);
}
