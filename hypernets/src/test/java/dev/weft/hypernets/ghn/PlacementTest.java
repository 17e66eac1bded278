package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.graph.ComputationNode;
import dev.weft.graph.Operation;
import dev.weft.network.Axis;
import dev.weft.network.ParameterTensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {

    private static final GhnConfig CONFIG = GhnConfig.ghn2(8, 4, 5, 3); // M = 4

    private static ComputationNode node(Operation operation, Integer... shape) {
        List<Axis> axes = List.of(shape).stream().map(Axis::free).toList();
        ParameterTensor tensor = new ParameterTensor("w", List.of(shape), 0, axes, true);
        return new ComputationNode(1, operation, "w", List.of(shape), List.of(tensor));
    }

    private static float[] placed(Placement placement, float... decoded) {
        float[] row = new float[(int) placement.tensor().size()];
        placement.copy(decoded, 0, row, false);
        return row;
    }

    /**
     * <pre>
     * decoded 2 x 2, of which the target 3 x 5 repeats rows, then columns:
     *   1 2        1 2 1 2 1
     *   3 4   ->   3 4 3 4 3
     *              1 2 1 2 1
     * </pre>
     */
    @Test
    void widerLayersRepeatOutputsAndInputs() {
        Placement placement =
                Placement.weight(node(Operation.CONV, 3, 5), new DecodedShape(DecodedShape.Kind.WEIGHT, 2, 2, 1, 1));
        assertArrayEquals(new float[] {1, 2, 1, 2, 1, 3, 4, 3, 4, 3, 1, 2, 1, 2, 1}, placed(placement, 1, 2, 3, 4));
        assertTrue(placement.repeats());
    }

    /**
     * <pre>
     * decoded 3 x 3, of which the target takes the corner 2 x 2:
     *   1 2 3
     *   4 5 6   ->   1 2
     *   7 8 9        4 5
     * </pre>
     */
    @Test
    void narrowerLayersAreCut() {
        Placement placement =
                Placement.weight(node(Operation.CONV, 2, 2), new DecodedShape(DecodedShape.Kind.WEIGHT, 3, 3, 1, 1));
        assertArrayEquals(new float[] {1, 2, 4, 5}, placed(placement, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        assertFalse(placement.repeats());
    }

    /** Decoded values lie tap by tap, [taps, out, in]; a weight has its taps last. */
    @Test
    void tapsGoToTheEnd() {
        Placement placement = Placement.weight(
                node(Operation.CONV, 1, 2, 1, 3), new DecodedShape(DecodedShape.Kind.WEIGHT, 1, 2, 1, 3));
        // tap 0: 1 2, tap 1: 3 4, tap 2: 5 6
        assertArrayEquals(new float[] {1, 3, 5, 2, 4, 6}, placed(placement, 1, 2, 3, 4, 5, 6));
    }

    /** Two rows of M = 4: gains, and shifts or biases; six channels repeat the first two. */
    @Test
    void vectorsRepeat() {
        ParameterTensor tensor = node(Operation.BN, 6).tensors().get(0);
        float[] decoded = {1, 2, 3, 4, 5, 6, 7, 8};
        assertArrayEquals(new float[] {1, 2, 3, 4, 1, 2}, placed(Placement.vector(CONFIG, tensor, true), decoded));
        assertArrayEquals(new float[] {5, 6, 7, 8, 5, 6}, placed(Placement.vector(CONFIG, tensor, false), decoded));
    }

    /**
     * <pre>
     * a table [1, 5, 3] for a class token and 2 x 2 positions, of 2 decoded channels:
     *   token   left alone
     *   0 0     1 2 1
     *   0 1     3 4 3
     *   1 0     5 6 5
     *   1 1     7 8 7
     * </pre>
     */
    @Test
    void tablesOfPositionsLeaveTheClassTokensRow() {
        Placement placement = Placement.weight(
                node(Operation.POS_ENC, 1, 5, 3), new DecodedShape(DecodedShape.Kind.WEIGHT, 1, 2, 2, 2));
        assertArrayEquals(
                new float[] {0, 0, 0, 1, 2, 1, 3, 4, 3, 5, 6, 5, 7, 8, 7}, placed(placement, 1, 2, 3, 4, 5, 6, 7, 8));
    }

    @Test
    void weightsAreScaledByTheirFanIn() {
        assertEquals(Math.sqrt(2.0 / 18), scale(4, 2, 3, 3), 1e-7);
        assertEquals(Math.sqrt(2.0 / 5), scale(4, 5), 1e-7);
        assertEquals(Math.sqrt(1.0 / 9), scale(4, 1, 3, 3), 1e-7); // depthwise
        assertEquals(Math.sqrt(1.0 / 14), scale(4, 2, 1, 7), 1e-7); // no ReLU behind the flat half
        assertEquals(Math.sqrt(2.0 / 14), scale(4, 2, 7, 1), 1e-7);
    }

    private static float scale(Integer... shape) {
        return Placement.weight(node(Operation.CONV, shape), DecodedShape.of(CONFIG, node(Operation.CONV, shape)))
                .scale();
    }

    @Test
    void sourcesAndCopiesAreTheSame() {
        Placement placement =
                Placement.weight(node(Operation.CONV, 3, 5), new DecodedShape(DecodedShape.Kind.WEIGHT, 2, 2, 1, 1));
        long[] sources = new long[15];
        float[] factors = new float[15];
        placement.index(100, sources, factors);
        assertArrayEquals(
                new long[] {100, 101, 100, 101, 100, 102, 103, 102, 103, 102, 100, 101, 100, 101, 100}, sources);
        assertEquals(Math.sqrt(2.0 / 5), factors[7], 1e-7);
    }
}
