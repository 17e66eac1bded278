package dev.weft.network.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three steps with rate 0.1 on a weight [1, 2] and a bias [1]; the expected values are what torch.optim 2.13 answers. */
class OptimizerRuleTest {

    private static final Architecture NETWORK = Mlp.of(List.of(2, 1), new Layer.Relu(), true);
    private static final float[] START = {1, -2, 0.5f};
    private static final float[][] GRADIENTS = {{1, -2, 0.25f}, {0.5f, 3, -1}, {0.01f, 0.02f, 4}};
    private static final double RATE = 0.1;

    /** Returns the row behind the three steps, taken beside a second network that moves otherwise. */
    private static float[] trace(OptimizerRule rule) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = manager.create(new float[] {START[0], START[1], START[2], 7, 8, 9}, new Shape(2, 3));
            try (RowOptimizer optimizer = rule.start(manager, NETWORK, rows)) {
                for (float[] g : GRADIENTS) {
                    NDArray gradient = manager.create(new float[] {g[0], g[1], g[2], -3, 1, 2}, new Shape(2, 3));
                    optimizer.step(rows, gradient, RATE);
                    assertArrayEquals(g, gradient.get(0).toFloatArray(), "a gradient is left as it is");
                }
            }
            return rows.get(0).toFloatArray();
        }
    }

    private static void assertTrace(OptimizerRule rule, float... expected) {
        assertArrayEquals(expected, trace(rule), 2e-6f);
    }

    @Test
    void descendsAlongTheGradient() {
        assertTrace(new OptimizerRule.Sgd(0, false, WeightDecay.NONE), 0.849f, -2.102f, 0.175f);
    }

    @Test
    void keepsMomentum() {
        assertTrace(new OptimizerRule.Sgd(0.9, false, WeightDecay.NONE), 0.633f, -2.03f, 0.22225f);
    }

    @Test
    void looksAheadWithNesterovAndDecays() {
        assertTrace(new OptimizerRule.Sgd(0.9, true, new WeightDecay(0.1, true)), 0.4516284f, -1.9804168f, -0.1155807f);
    }

    @Test
    void isAdamWithoutDecay() {
        assertTrace(OptimizerRule.AdamW.adam(), 0.7341553f, -1.9442718f, 0.4048752f);
    }

    @Test
    void isAdamWithDecay() {
        assertTrace(
                new OptimizerRule.AdamW(0.8, 0.95, 1e-3, new WeightDecay(0.5, true)),
                0.6119039f,
                -1.6759911f,
                0.3396296f);
    }

    @Test
    void sparesBiasesWhereTheRecipeSaysSo() {
        assertTrace(
                new OptimizerRule.AdamW(0.9, 0.999, 1e-8, new WeightDecay(0.5, false)),
                0.6059412f,
                -1.6675333f,
                0.4048752f);
    }

    @Test
    void refusesSettingsThatMakeNoSense() {
        assertEquals(
                "momentum must be at least 0 and below 1, got 1.0",
                assertThrows(IllegalArgumentException.class, () -> new OptimizerRule.Sgd(1, false, WeightDecay.NONE))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new OptimizerRule.Sgd(0, true, WeightDecay.NONE));
        assertThrows(IllegalArgumentException.class, () -> new OptimizerRule.AdamW(0.9, 0.999, 0, WeightDecay.NONE));
        assertThrows(IllegalArgumentException.class, () -> new WeightDecay(Double.NaN, true));
    }

    @Test
    void changesTheRateOverTheSteps() {
        LearningRate cosine = new LearningRate(2, 4, LearningRate.Decay.COSINE);
        assertEquals(0.5, cosine.at(0, 14));
        assertEquals(2, cosine.at(3, 14));
        assertEquals(1, cosine.at(9, 14), 1e-12);
        assertEquals(0, cosine.at(14, 14), 1e-12);
        assertEquals(1.5, new LearningRate(2, 0, LearningRate.Decay.LINEAR).at(3, 12));
        assertEquals(0.25, LearningRate.constant(0.25).at(1000, 10));
    }
}
