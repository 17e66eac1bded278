package dev.weft.symmetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.network.family.Families;
import dev.weft.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

class RescalingTest {

    /** 1-2-1 with ReLU: W0 [2, 1], b0 [2], W1 [1, 2], b1 [1]. */
    private static final Architecture RELU = Mlp.of(List.of(1, 2, 1), new Layer.Relu(), true);

    /** 1-1-1 with sin(2 x): w0, b0, w1, b1; a sign and a phase. */
    private static final Architecture SINE = Siren.of(List.of(1, 1, 1), 2, 0);

    @Test
    void scalesMultiplyWhatWritesAndDivideWhatReads() {
        Rescaling scaling = Rescaling.of(RELU, List.of(new double[] {2, 0.5}));
        assertArrayEquals(new double[] {2, 0.5, 2, 0.5, 0.5, 2, 1}, scaling.apply(new double[] {1, 1, 1, 1, 1, 1, 1}));
    }

    @Test
    void halfPeriodsMoveTheBiasAndTurnTheReader() {
        Rescaling phase = Rescaling.of(SINE, List.of(new double[] {1}, new double[] {3}));
        assertArrayEquals(new double[] {5, 6 + 3 * Math.PI / 2, -7, 8}, phase.apply(new double[] {5, 6, 7, 8}), 1e-12);
    }

    @Test
    void inversesUndo() {
        for (Families.Family family : Families.all()) {
            Architecture architecture = family.small().get();
            double[] row = RandomParameters.row(architecture, new Seed(1));
            SymmetryGroup group = new SymmetryGroup(architecture);
            for (SymmetryKind kind : group.kinds()) {
                SymmetryElement element = group.random(kind, new Seed(4));
                double[] back = element.inverse().apply(element.apply(row));
                assertTrue(Rows.relativeDifference(row, back) < 1e-12, family.name() + " " + kind);
                assertTrue(Rows.relativeDifference(row, element.apply(row)) > 1e-3, family.name() + " " + kind);
            }
        }
    }

    @Test
    void signsAndPhasesTogetherAreUndone() {
        Rescaling both = Rescaling.of(SINE, List.of(new double[] {-1}, new double[] {1}));
        double[] row = {5, 6, 7, 8};
        assertArrayEquals(new double[] {-5, -6 + Math.PI / 2, 7, 8}, both.apply(row), 1e-12);
        assertArrayEquals(row, both.inverse().apply(both.apply(row)), 1e-12);
    }

    @Test
    void refusesWhatTheGaugeDoesNotAllow() {
        assertMessage(
                "block 'seq.0': neuron 1 can't be scaled by -1.0, its gauge allows positive numbers",
                () -> Rescaling.of(RELU, List.of(new double[] {1, -1})));
        assertMessage(
                "block 'seq.0': neuron 0 can't be scaled by 2.0, its gauge allows 1 and -1",
                () -> Rescaling.of(SINE, List.of(new double[] {2}, new double[] {0})));
        assertMessage(
                "block 'seq.0': neuron 0 can't be scaled by 0.5, its gauge allows whole numbers of half periods",
                () -> Rescaling.of(SINE, List.of(new double[] {1}, new double[] {0.5})));
        assertMessage("block 'seq.0': expected 2 scales, got 1", () -> Rescaling.of(RELU, List.of(new double[] {1})));
        assertMessage("expected scales for 1 gauges, got 0", () -> Rescaling.of(RELU, List.of()));
    }

    private static void assertMessage(String expected, Runnable action) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
