package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.weft.checkpoints.format.InrRecogniser;
import dev.weft.checkpoints.format.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooExportTest {

    @TempDir
    Path folder;

    @Test
    void anExportedRowIsRecognisedAsWhatItWas() throws IOException {
        Path file = folder.resolve("row.safetensors");
        SmallZoo.write(folder.resolve("zoo"), 4, 4);
        try (Zoo zoo = Zoo.open(folder.resolve("zoo"))) {
            ZooExport.write(zoo, 2, file);
            try (Safetensors tensors = Safetensors.open(file)) {
                InrRecogniser.Recognised found = InrRecogniser.siren(tensors, 1, 0);
                assertEquals(SmallZoo.SIREN, found.architecture());
                assertArrayEquals(zoo.parameters(2), found.row());
                assertEquals(List.of(3L, 2L), tensors.tensor("seq.0.weight").shape());
                assertEquals("1", tensors.metadata().get("label"));
                assertEquals("öne", tensors.metadata().get("class"));
                assertEquals(SmallZoo.SIREN.toJson(), tensors.metadata().get("architecture"));
            }
            ZooExport.write(zoo, 0, file); // has no label
            try (Safetensors tensors = Safetensors.open(file)) {
                assertFalse(tensors.metadata().containsKey("label"));
            }
        }
    }
}
