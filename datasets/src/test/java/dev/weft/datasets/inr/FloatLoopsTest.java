package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FloatLoopsTest {

    @Test
    void sineAndCosineAgreeWithTheLibrary() {
        int n = 200_001;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (i - n / 2) * 0.01f; // -1000 to 1000
        }
        float[] sine = new float[n];
        float[] cosine = new float[n];
        FloatLoops.sine(sine, x, n);
        FloatLoops.cosine(cosine, x, n);
        for (int i = 0; i < n; i++) {
            assertEquals(Math.sin(x[i]), sine[i], 2e-7, "sine of " + x[i]);
            assertEquals(Math.cos(x[i]), cosine[i], 2e-7, "cosine of " + x[i]);
        }
    }

    @Test
    void transposesAndSumsAnyLength() {
        float[][] target = new float[3][2];
        FloatLoops.transpose(target, new float[][] {{1, 2, 3}, {4, 5, 6}}, 2, 3);
        assertArrayEquals(new float[] {3, 6}, target[2]);
        assertEquals(21, FloatLoops.sum(new float[] {1, 2, 3, 4, 5, 6, 100}, 6));
    }
}
