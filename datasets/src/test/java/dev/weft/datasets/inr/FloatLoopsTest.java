package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FloatLoopsTest {

    @Test
    void transposesAndSumsAnyLength() {
        float[][] target = new float[3][2];
        FloatLoops.transpose(target, new float[][] {{1, 2, 3}, {4, 5, 6}}, 2, 3);
        assertArrayEquals(new float[] {3, 6}, target[2]);
        assertEquals(21, FloatLoops.sum(new float[] {1, 2, 3, 4, 5, 6, 100}, 6));
    }
}
