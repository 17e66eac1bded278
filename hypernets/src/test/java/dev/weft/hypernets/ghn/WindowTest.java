package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class WindowTest {

    private static final GhnConfig CORNER = GhnConfig.ghn2(8, 4, 5, 3);
    private static final GhnConfig CENTRE = GhnConfig.ghn3(8, 4, 5, 3, 1, 2);

    /** Of the taps 0 1 2 3 4, three are 0 1 2 at the corner and 1 2 3 in the centre; two are 1 2. */
    @Test
    void kernelsAreCutAtTheCornerOrInTheCentre() {
        assertEquals(new Window(0, 3, 3, false), Window.of(CORNER, 3));
        assertEquals(new Window(1, 4, 3, true), Window.of(CENTRE, 3));
        assertEquals(new Window(1, 3, 2, true), Window.of(CENTRE, 2));
        assertEquals(new Window(0, 5, 5, true), Window.of(CENTRE, 5));
    }

    /** Five taps a b c d e become a b c d e a b. */
    @Test
    void longerKernelsRepeatTheTaps() {
        assertArrayEquals(
                new float[] {1, 2, 3, 4, 5, 1, 2},
                stretched(Window.of(CORNER, 1), Window.of(CORNER, 7), 1, 2, 3, 4, 5));
    }

    /** As torch.nn.functional.interpolate with mode 'bilinear': five taps at -0.5 + 5 (i + 0.5) / 10. */
    @Test
    void longerKernelsInterpolate() {
        assertArrayEquals(
                new float[] {10, 12.5f, 17.5f, 22.5f, 27.5f, 32.5f, 37.5f, 42.5f, 47.5f, 50},
                stretched(Window.of(CENTRE, 1), Window.of(CENTRE, 10), 10, 20, 30, 40, 50),
                1e-5f);
    }

    private static float[] stretched(Window rows, Window columns, float... taps) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return Window.stretched(manager.create(taps, new Shape(1, taps.length, 1)), rows, columns)
                    .toFloatArray();
        }
    }
}
