package dev.weft.metanets.nowcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.network.FormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/**
 * One tensor [1, 2], so two inputs and one output, worked out by hand.
 *
 * <pre>
 *   n0 --w0--> n2 <--w1-- n1      and a self-loop on each
 * </pre>
 */
class WindowBatchTest {

    private static final int SELF_LOOP = 2;

    private static EdgeValues values() {
        return new EdgeValues(
                ReferenceWiring.of(new RowLayout(Map.of("fc.weight", List.of(1, 2))), OptionalInt.empty()));
    }

    /** Values 0 and 2 five times have mean 1 and deviation sqrt(10 / 9); then the states move. */
    private static float[][] states(int behind) {
        float[][] states = new float[5 + behind][];
        for (int t = 0; t < states.length; t++) {
            states[t] = t < 5 ? new float[] {0, 2} : new float[] {t - 4, 2};
        }
        return states;
    }

    @Test
    void inputsAndDisplacementsAreScaledByTheFiveStates() throws FormatException {
        WindowBatch batch = WindowBatch.of(values(), List.<float[][]>of(states(2)), 2);
        float unit = (float) Math.sqrt(9 / 10.0);
        assertArrayEquals(repeated(-unit, unit, SELF_LOOP, SELF_LOOP, SELF_LOOP), batch.inputs(), 1e-5f);
        float[] expected = {unit, 2 * unit, 0, 0, 0, 0, 0, 0, 0, 0};
        assertArrayEquals(expected, batch.displacements(), 1e-5f);
        assertArrayEquals(new float[] {1, 1, 1, 1, 0, 0, 0, 0, 0, 0}, batch.mask());
        assertEquals(4, batch.count());
        assertEquals(3 * unit, batch.totalDisplacement(), 1e-5);
    }

    /** Each value for five states. */
    private static float[] repeated(float... values) {
        float[] all = new float[5 * values.length];
        for (int i = 0; i < values.length; i++) {
            Arrays.fill(all, 5 * i, 5 * i + 5, values[i]);
        }
        return all;
    }

    @Test
    void whatIsNotKnownIsMasked() throws FormatException {
        WindowBatch batch = WindowBatch.of(values(), List.of(states(1), states(3)), 3);
        assertEquals(2, batch.windows());
        assertEquals(2 + 6, batch.count());
        assertArrayEquals(new float[] {1, 0, 0, 1, 0, 0}, Arrays.copyOf(batch.mask(), 6));
        assertArrayEquals(new float[] {1, 1, 1, 1, 1, 1}, Arrays.copyOfRange(batch.mask(), 15, 21));
        assertEquals(0, batch.displacements()[1], "masked");
    }
}
