package dev.weft.checkpoints.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.network.FormatException;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InrRecogniserTest {

    @TempDir
    Path folder;

    /** A network 2-3-1; its row is 1, 2, .. 13. */
    private static SafetensorsWriter network(String first, String second) {
        return new SafetensorsWriter()
                .add(first + ".weight", List.of(3L, 2L), new float[] {1, 2, 3, 4, 5, 6})
                .add(first + ".bias", List.of(3L), new float[] {7, 8, 9})
                .add(second + ".weight", List.of(1L, 3L), new float[] {10, 11, 12})
                .add(second + ".bias", List.of(1L), new float[] {13});
    }

    private InrRecogniser.Recognised recognise(SafetensorsWriter writer) throws IOException {
        Path file = folder.resolve("x.safetensors");
        writer.write(file);
        try (Safetensors tensors = Safetensors.open(file)) {
            return InrRecogniser.siren(tensors, 30, 0.5);
        }
    }

    private void assertRefused(String message, SafetensorsWriter writer) {
        FormatException e = assertThrows(FormatException.class, () -> recognise(writer));
        assertEquals(folder.resolve("x.safetensors") + ": " + message, e.getMessage());
    }

    @Test
    void knowsTheNamesThatPeopleUse() throws IOException {
        for (List<String> names : List.of(
                List.of("seq.0", "seq.1"),
                List.of("net.0.linear", "net.1.linear"),
                List.of("module.layers.9", "module.layers.10"),
                List.of("0", "2"),
                List.of("net.layers.0", "net.last_layer"))) {
            InrRecogniser.Recognised found = recognise(network(names.get(0), names.get(1)));
            assertEquals(Siren.of(List.of(2, 3, 1), 30, 0.5), found.architecture(), names.toString());
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, found.row(), names.toString());
        }
    }

    @Test
    void metadataWinOverArguments() throws IOException {
        InrRecogniser.Recognised found =
                recognise(network("seq.0", "seq.1").metadata("w0", "25").metadata("offset", "0"));
        assertEquals(Siren.of(List.of(2, 3, 1), 25, 0), found.architecture());
    }

    @Test
    void refusesMetadataThatAreNoNumbers() {
        assertRefused(
                "metadata 'w0': expected a number, found 'thirty'",
                network("seq.0", "seq.1").metadata("w0", "thirty"));
        assertRefused(
                "metadata 'w0': expected a finite number, not 0 for w0, found '0'",
                network("seq.0", "seq.1").metadata("w0", "0"));
        assertRefused(
                "metadata 'offset': expected a finite number, not 0 for w0, found 'NaN'",
                network("seq.0", "seq.1").metadata("offset", "NaN"));
    }

    @Test
    void refusesChainsThatDoNotFit() {
        assertRefused(
                "tensor 'seq.1.weight': expected shape [out, 1] to fit the 1 outputs of 'seq.0', found [3, 2]",
                network("seq.1", "seq.0"));
        assertRefused(
                "tensor 'seq.2.weight': expected shape [out, 1] to fit the 1 outputs of 'seq.1', found [1, 3]",
                network("seq.0", "seq.1")
                        .add("seq.2.weight", List.of(1L, 3L), new float[3])
                        .add("seq.2.bias", List.of(1L), new float[1]));
    }

    @Test
    void refusesMissingOrMisshapenBiases() {
        assertRefused(
                "tensor 'seq.2.bias': expected shape [4] to go with 'seq.2.weight', found no such tensor",
                network("seq.0", "seq.1").add("seq.2.weight", List.of(4L, 1L), new float[4]));
        assertRefused(
                "tensor 'seq.2.bias': expected shape [4] to go with 'seq.2.weight', found [2, 2]",
                network("seq.0", "seq.1")
                        .add("seq.2.weight", List.of(4L, 1L), new float[4])
                        .add("seq.2.bias", List.of(2L, 2L), new float[4]));
    }

    @Test
    void refusesWhatIsNoLinearLayer() {
        assertRefused(
                "expected linear layers with numbered names such as seq.0.weight, found []", new SafetensorsWriter());
        assertRefused(
                "expected linear layers with numbered names such as seq.0.weight, found [a.bias, a.weight, b.bias,"
                        + " b.weight]",
                network("a", "b"));
        assertRefused(
                "tensor 'pos': expected only pairs called *.weight and *.bias",
                network("seq.0", "seq.1").add("pos", List.of(1L), new float[1]));
        assertRefused(
                "tensor 'norm.bias': expected only pairs called *.weight and *.bias",
                network("seq.0", "seq.1").add("norm.bias", List.of(1L), new float[1]));
        assertRefused(
                "tensor 'conv.0.weight': expected shape [out, in], found [1, 2, 3]",
                new SafetensorsWriter().add("conv.0.weight", List.of(1L, 2L, 3L), new float[6]));
    }

    @Test
    void refusesValuesThatAreNotFiniteFloats() {
        assertRefused(
                "tensor 'seq.2.weight': expected finite values, found NaN at 1",
                network("seq.0", "seq.1")
                        .add("seq.2.weight", List.of(2L, 1L), new float[] {0, Float.NaN})
                        .add("seq.2.bias", List.of(2L), new float[2]));
        assertRefused(
                "tensor 'seq.2.weight': expected F32, F64, F16 or BF16, found I64",
                network("seq.0", "seq.1")
                        .add("seq.2.weight", new long[] {2, 1}, new long[2])
                        .add("seq.2.bias", List.of(2L), new float[2]));
    }
}
