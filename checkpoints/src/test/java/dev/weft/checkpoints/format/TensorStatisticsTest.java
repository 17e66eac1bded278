package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorStatisticsTest {

    private static TensorStatistics of(SafetensorsWriter source, String name) throws IOException {
        return TensorStatistics.of(source, source.tensor(name));
    }

    @Test
    void momentsAreThoseOfTheFiniteValues() throws IOException {
        SafetensorsWriter source = new SafetensorsWriter()
                .add("x", List.of(6L), new float[] {2, 0, Float.NaN, 4, Float.NEGATIVE_INFINITY, 2});
        assertEquals(new TensorStatistics(2, Math.sqrt(2), 0, 4, 1, 1, 1), of(source, "x"));
    }

    @Test
    void nothingFiniteMeansNoMoments() throws IOException {
        double nan = Double.NaN;
        SafetensorsWriter source = new SafetensorsWriter().add("x", List.of(1L), new float[] {Float.NaN});
        assertEquals(new TensorStatistics(nan, nan, nan, nan, 0, 1, 0), of(source, "x"));
        source.add("empty", List.of(0L), new float[0]);
        assertEquals(new TensorStatistics(nan, nan, nan, nan, 0, 0, 0), of(source, "empty"));
    }

    /** Several pieces, and a mean that is large beside the deviation: 1000000.5 and 999999.5 by turns. */
    @Test
    void piecesAreJoinedWithoutLosingDigits() throws IOException {
        float[] values = new float[3 * PieceReader.PIECE / Float.BYTES + 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1_000_000 + (i % 2 == 0 ? 0.5f : -0.5f);
        }
        TensorStatistics found = of(new SafetensorsWriter().add("x", List.of((long) values.length), values), "x");
        assertEquals(1_000_000, found.mean(), 1e-9);
        assertEquals(0.5, found.deviation(), 1e-9);
    }

    @Test
    void wholeNumbersHaveStatisticsAndBooleansDoNot() throws IOException {
        SafetensorsWriter source = new SafetensorsWriter()
                .add("n", new long[] {3}, new long[] {0, 3, -3})
                .add("mask", Dtype.BOOL, List.of(1L), new byte[1]);
        assertEquals(new TensorStatistics(0, Math.sqrt(6), -3, 3, 1, 0, 0), of(source, "n"));
        assertThrows(IllegalArgumentException.class, () -> of(source, "mask"));
    }
}
