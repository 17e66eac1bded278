package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class CastSourceTest {

    @Test
    void everyHalfAndBrainFloatComesBackFromDouble() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float half = Dtype.halfToFloat((short) bits);
            float brain = Dtype.bfloatToFloat((short) bits);
            if (Float.isNaN(half)) {
                assertTrue(Float.isNaN(Dtype.halfToFloat(Dtype.half(half))));
            } else {
                assertEquals((short) bits, Dtype.half(half));
            }
            if (Float.isNaN(brain)) {
                assertTrue(Float.isNaN(Dtype.bfloatToFloat(Dtype.bfloat(brain))));
            } else {
                assertEquals((short) bits, Dtype.bfloat(brain));
            }
        }
    }

    /** Half way between two neighbours the even one wins; a little off it, the nearer. */
    @Test
    void roundsToNearestWithTiesToEven() {
        for (int bits = 0; bits < 0x7bff; bits++) {
            double low = Dtype.halfToFloat((short) bits);
            double high = Dtype.halfToFloat((short) (bits + 1));
            double middle = (low + high) / 2;
            assertEquals((short) (bits + (bits & 1)), Dtype.half(middle), "tie above " + low);
            assertEquals((short) bits, Dtype.half(Math.nextDown(middle)), "below the tie above " + low);
            assertEquals((short) (bits + 1), Dtype.half(Math.nextUp(middle)), "above the tie above " + low);
            assertEquals((short) (0x8000 | bits + 1), Dtype.half(-Math.nextUp(middle)), "negative " + low);
        }
    }

    @Test
    void largeValuesBecomeInfiniteWhereTheNextWouldBe() {
        assertEquals((short) 0x7bff, Dtype.half(Math.nextDown(65520.0)));
        assertEquals((short) 0x7c00, Dtype.half(65520.0));
        assertEquals((short) 0xfc00, Dtype.half(-1e300));
        assertEquals((short) 0x7f80, Dtype.bfloat(1e300));
        assertEquals((short) 0x7f7f, Dtype.bfloat(0x1.fep127));
        assertEquals((short) 0x8000, Dtype.half(-1e-300));
        assertEquals((short) 0, Dtype.bfloat(1e-300));
    }

    @Test
    void onlyFloatingTensorsAreCast() throws IOException {
        SafetensorsWriter source = new SafetensorsWriter()
                .add("w", List.of(2L), new float[] {1, 1.0009765625f})
                .add("n", new long[] {1}, new long[] {5});
        CastSource cast = new CastSource(source, Dtype.BF16);
        assertEquals(List.of("n", "w"), List.copyOf(cast.tensors().keySet()));
        assertArrayEquals(new float[] {1, 1}, cast.floats("w"));
        assertArrayEquals(new long[] {5}, cast.longs("n"));
        assertArrayEquals(new double[] {1, 1.0009765625}, new CastSource(source, Dtype.F64).doubles("w"));
    }

    @Test
    void finiteValuesThatDoNotFitAreRefused() {
        SafetensorsWriter source =
                new SafetensorsWriter().add("w", List.of(3L), new float[] {Float.POSITIVE_INFINITY, 1, 70000});
        FormatException e = assertThrows(FormatException.class, () -> new CastSource(source, Dtype.F16).floats("w"));
        assertEquals("memory: tensor 'w': value 2 is 70000.0, too large for F16", e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new CastSource(source, Dtype.I8));
    }
}
