package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.checkpoints.format.InrRecogniser;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.network.Siren;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Files that other releases and other programs wrote, kept as they are, must go on loading. */
class OldFilesTest {

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(OldFilesTest.class.getResource("/" + name), name)
                .toURI());
    }

    @Test
    void zooOfVersion1() throws IOException, URISyntaxException {
        Path folder = resource("zoo-v1");
        try (Zoo zoo = Zoo.open(folder)) {
            assertEquals(SmallZoo.header(3, 2), zoo.header());
            for (int i = 0; i < 3; i++) {
                ZooRow expected = SmallZoo.row(i, SmallZoo.SIREN);
                ZooRow found = zoo.row(i);
                assertEquals(expected.id(), found.id());
                assertEquals(expected.source(), found.source());
                assertEquals(expected.split(), found.split());
                assertEquals(expected.seed(), found.seed());
                assertArrayEquals(expected.metrics(), found.metrics());
                assertArrayEquals(expected.parameters(), found.parameters());
            }
        }
        assertEquals(List.of(), ZooVerifier.verify(folder).problems());
    }

    @Test
    void rowThatVersion1Exported() throws IOException, URISyntaxException {
        try (Safetensors tensors = Safetensors.open(resource("row-v1.safetensors"))) {
            InrRecogniser.Recognised found = InrRecogniser.siren(tensors, 1, 0);
            assertEquals(SmallZoo.SIREN, found.architecture());
            assertArrayEquals(SmallZoo.row(2, SmallZoo.SIREN).parameters(), found.row());
        }
    }

    /** Linear layers 2-3-3-1 in a ModuleList, values 0, 1/8, 2/8, ..; saved with safetensors.torch. */
    @Test
    void stateDictOfPyTorch() throws IOException, URISyntaxException {
        try (Safetensors tensors = Safetensors.open(resource("pytorch-siren.safetensors"))) {
            InrRecogniser.Recognised found = InrRecogniser.siren(tensors, 30, 0.5);
            assertEquals(Siren.of(List.of(2, 3, 3, 1), 30, 0.5), found.architecture());
            float[] expected = new float[25];
            for (int i = 0; i < expected.length; i++) {
                expected[i] = i / 8f;
            }
            assertArrayEquals(expected, found.row());
        }
    }
}
