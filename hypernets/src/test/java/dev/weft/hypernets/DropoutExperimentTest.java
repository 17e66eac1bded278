package dev.weft.hypernets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.hypernets.ghn.LabelledImages;
import dev.weft.network.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropoutExperimentTest {

    private static final int SIDE = 4;

    /** Images of one bright row; the class is which. */
    private record Rows(int size) implements LabelledImages {
        @Override
        public NDArray images(NDManager manager, int[] numbers) {
            float[] pixels = new float[numbers.length * SIDE * SIDE];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = i / SIDE % SIDE == label(numbers[i / (SIDE * SIDE)]) ? 1 : 0;
            }
            return manager.create(pixels, new Shape(numbers.length, 1, SIDE, SIDE));
        }

        @Override
        public int label(int number) {
            return number % SIDE;
        }
    }

    private static DropoutExperiment.Outcome run(InputEncoding encoding, boolean residual) {
        return new DropoutExperiment(new Rows(200), new Rows(40), SIDE, 100)
                .run(new ConditionedHyperNetwork.Config(1, List.of(16, 64), encoding, residual), new Seed(3));
    }

    @Test
    void thePlainFormStartsProportionalAndBothPartsUndoThat() {
        DropoutExperiment.Outcome plain = run(InputEncoding.IDENTITY, false);
        assertEquals(1, plain.proportionality(), 1e-4);
        assertEquals(1 / Math.sqrt(3), plain.variation(), 0.01);
        DropoutExperiment.Outcome mip = run(InputEncoding.COS_SIN, true);
        assertTrue(mip.variation() < 0.3, "variation " + mip.variation());
    }

    @Test
    void trainingLowersTheLossAndFollowsFromTheSeed() {
        DropoutExperiment.Outcome outcome = run(InputEncoding.COS_SIN, true);
        assertEquals(2, outcome.losses().size());
        assertTrue(outcome.losses().get(1) < outcome.losses().get(0), outcome.toString());
        assertEquals(outcome.losses().get(1), outcome.best());
        assertEquals(outcome, run(InputEncoding.COS_SIN, true));
    }

    @Test
    void whatCannotBeRunIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new DropoutExperiment(new Rows(9), new Rows(9), SIDE, 70));
        assertThrows(
                IllegalArgumentException.class,
                () -> new DropoutExperiment(new Rows(9), new Rows(9), SIDE, 50)
                        .run(ConditionedHyperNetwork.Config.mip(2), new Seed(1)));
    }
}
