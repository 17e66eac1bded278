package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeanSourceTest {

    private static final float INFINITE = Float.NEGATIVE_INFINITY;

    private static SafetensorsWriter source(float... values) {
        return new SafetensorsWriter().add("w", List.of((long) values.length), values);
    }

    private static void assertRefused(String message, SafetensorsWriter first, SafetensorsWriter other) {
        FormatException failure = assertThrows(
                FormatException.class,
                () -> MeanSource.of(first, List.of(first, other)).bytes("w"));
        assertEquals(message, failure.getMessage());
    }

    @Test
    void valuesAreAveragedByTheirShares() throws IOException {
        MeanSource mean = new MeanSource(source(0, 0), List.of(source(1, 2), source(5, -2)), 0.75, 0.25);
        assertArrayEquals(new float[] {2, 1}, mean.floats("w"));
    }

    @Test
    void whatIsTheSameStays() throws IOException {
        float third = 0.1f;
        MeanSource mean = MeanSource.of(
                source(0, 0), List.of(source(third, INFINITE), source(third, INFINITE), source(third, INFINITE)));
        assertArrayEquals(new float[] {third, INFINITE}, mean.floats("w"));
    }

    /** 1 and 1 + 2^-7 are neighbours in bfloat16; the mean lies between and is rounded to the even one. */
    @Test
    void theFormGivesTypesAndTexts(@TempDir Path folder) throws IOException {
        SafetensorsWriter halves = source(1).metadata("format", "pt");
        Path file = folder.resolve("half.safetensors");
        new SafetensorsFormat().write(new CastSource(halves, Dtype.BF16), file);
        try (TensorFile form = TensorFile.open(file)) {
            MeanSource mean = MeanSource.of(form, List.of(form, source(1.0078125f)));
            assertEquals(Dtype.BF16, mean.tensor("w").dtype());
            assertEquals("pt", mean.metadata().get("format"));
            assertArrayEquals(new float[] {1}, mean.floats("w"));
            assertEquals(
                    "memory: tensor 'w': expected shape [1] as in " + file + ", found [2]",
                    assertThrows(FormatException.class, () -> MeanSource.of(form, List.of(source(1, 2))))
                            .getMessage());
        }
    }

    @Test
    void largeTensorsArePieced() throws IOException {
        float[] a = new float[PieceReader.PIECE / 2];
        float[] b = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            a[i] = i;
            b[i] = 3 * i;
        }
        float[] mean = MeanSource.of(source(a), List.of(source(a), source(b))).floats("w");
        assertEquals(2 * (a.length - 1), mean[a.length - 1]);
        TensorDistance distance = TensorDistance.between(source(a), source(b));
        double norm = Math.sqrt((a.length - 1.0) * a.length * (2.0 * a.length - 1) / 6); // sum of squares
        assertEquals(2 * norm, distance.distance(), 1e-9 * norm);
        assertEquals(2.0 / 3, distance.relative(), 1e-9);
    }

    @Test
    void valuesThatCannotBeAveragedAreRefusedByName() {
        assertRefused("memory: tensor 'w': expected finite values, found NaN at 1", source(1, 2), source(1, Float.NaN));
        assertRefused("memory: tensor 'w': expected finite values, found -Infinity at 0", source(1), source(INFINITE));
    }

    @Test
    void aMeanThatDoesNotFitTheTypeIsRefused(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("half.safetensors");
        new SafetensorsFormat().write(new CastSource(source(1), Dtype.F16), file);
        try (TensorFile form = TensorFile.open(file)) {
            assertEquals(
                    file + ": tensor 'w': value 0 is 70000.0, too large for F16",
                    assertThrows(
                                    FormatException.class,
                                    () -> MeanSource.of(form, List.of(source(70000)))
                                            .floats("w"))
                            .getMessage());
        }
    }

    @Test
    void wholeNumbersAreTheFormsAndMustAgreeUnlessTheyCount() throws IOException {
        SafetensorsWriter first = new SafetensorsWriter()
                .add("steps", new long[] {}, new long[] {5})
                .add("w", new long[] {2}, new long[] {1, 2});
        SafetensorsWriter other = new SafetensorsWriter()
                .add("steps", new long[] {}, new long[] {7})
                .add("w", new long[] {2}, new long[] {1, 3});
        assertArrayEquals(
                new long[] {5}, MeanSource.of(first, List.of(first, other)).longs("steps"));
        assertRefused("memory: tensor 'w': expected the values of memory, since I64 is not averaged", first, other);
        SafetensorsWriter whole = new SafetensorsWriter().add("w", new long[] {2}, new long[] {1, 2});
        assertRefused("memory: tensor 'w': expected F32 as in memory, found I64", source(1, 2), whole);
    }

    @Test
    void missingAndFurtherTensorsAreRefused() {
        SafetensorsWriter more = source(1).add("v", List.of(1L), new float[1]);
        assertRefused("memory: tensor 'v': expected it as in memory, found no such tensor", more, source(1));
        assertRefused("memory: tensor 'v': expected the tensors of memory, which has no such tensor", source(1), more);
    }
}
