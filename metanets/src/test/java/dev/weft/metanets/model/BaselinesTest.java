package dev.weft.metanets.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.SignFlip;
import dev.weft.testing.EquivarianceContract;
import dev.weft.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which symmetries the baselines have beyond the contract, and which they lack. */
class BaselinesTest {

    private static final Architecture SIREN = Siren.of(List.of(2, 6, 5, 1), 3, 0.5);

    private static double difference(MetanetConfig config, double[] row, double[] moved) {
        Metanet model = config.build(SIREN, Normalization.none(SIREN), 3, new Seed(1));
        try (EquivarianceContract.RowFunction function = TestMetanets.function(model)) {
            double[][] outputs = function.apply(new double[][] {row, moved});
            return Rows.relativeDifference(outputs[0], outputs[1]);
        }
    }

    @Test
    void probeGenDoesNotSeeSignFlips() {
        double[] row = Rows.random(SIREN, 1, 0.7, new Seed(2))[0];
        double[] flipped = SignFlip.random(SIREN, new Seed(3)).apply(row);
        assertTrue(Rows.relativeDifference(row, flipped) > 0.1);
        assertTrue(difference(new ProbeGen.Config(5, 4, 8, 2, 0), row, flipped) < 1e-12);
        assertTrue(difference(new StatNn.Config(8, 1, 0), row, flipped) > 1e-6, "StatNN sees them");
    }

    @Test
    void theFlatMlpSeesPermutations() {
        double[] row = Rows.random(SIREN, 1, 0.7, new Seed(2))[0];
        double[] permuted = NeuronPermutation.random(SIREN, new Seed(4)).apply(row);
        assertTrue(difference(new FlatMlp.Config(8, 1, 0), row, permuted) > 1e-3);
        assertTrue(difference(new FlatMlp.Config(8, 1, 0), row, row.clone()) < 1e-12);
    }
}
