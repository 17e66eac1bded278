package dev.weft.network.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SineLoopsTest {

    @Test
    void sineAndCosineAgreeWithTheLibrary() {
        int n = 200_001;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (i - n / 2) * 0.01f; // -1000 to 1000
        }
        float[] sine = new float[n];
        float[] cosine = new float[n];
        SineLoops.sine(sine, x, n);
        SineLoops.cosine(cosine, x, n);
        for (int i = 0; i < n; i++) {
            assertEquals(Math.sin(x[i]), sine[i], 2e-7, "sine of " + x[i]);
            assertEquals(Math.cos(x[i]), cosine[i], 2e-7, "cosine of " + x[i]);
        }
    }
}
