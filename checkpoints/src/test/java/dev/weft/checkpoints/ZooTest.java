package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooTest {

    @TempDir
    Path folder;

    @Test
    void everyColumnComesBack() throws IOException {
        ZooHeader header = SmallZoo.write(folder, 10, 4);
        try (Zoo zoo = Zoo.open(folder)) {
            assertEquals(header, zoo.header());
            assertEquals(10, zoo.size());
            for (int i = 0; i < 10; i++) {
                ZooRow expected = SmallZoo.row(i, SmallZoo.SIREN);
                ZooRow found = zoo.row(i);
                assertEquals(expected.id(), found.id());
                assertEquals(expected.runId(), found.runId());
                assertEquals(expected.step(), found.step());
                assertEquals(expected.split(), found.split());
                assertEquals(expected.label(), found.label());
                assertEquals(expected.source(), found.source());
                assertEquals(expected.seed(), found.seed());
                assertArrayEquals(expected.metrics(), found.metrics());
                assertArrayEquals(expected.parameters(), found.parameters());
                assertEquals(1.0 / (i + 1), zoo.metric("loss", i));
                assertEquals(SmallZoo.SIREN, zoo.architecture(i));
            }
            assertArrayEquals(new int[] {0, 1, 6, 7}, zoo.rows(Split.VAL));
            assertArrayEquals(new int[] {2, 3, 4, 5, 8, 9}, zoo.rows(Split.TRAIN));
            assertEquals(0, zoo.rows(Split.TEST).length);
        }
    }

    @Test
    void batchesAreTheRowsInOrder() throws IOException {
        SmallZoo.write(folder, 10, 4);
        try (Zoo zoo = Zoo.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            List<Zoo.Batch> batches = zoo.batches();
            assertEquals(List.of(4, 4, 2), batches.stream().map(Zoo.Batch::size).toList());
            assertEquals(
                    List.of(0, 4, 8), batches.stream().map(Zoo.Batch::firstRow).toList());
            for (Zoo.Batch batch : batches) {
                NDArray rows = batch.parameters(manager);
                assertEquals(new Shape(batch.size(), 13), rows.getShape());
                for (int i = 0; i < batch.size(); i++) {
                    float[] expected =
                            SmallZoo.row(batch.firstRow() + i, SmallZoo.SIREN).parameters();
                    assertArrayEquals(expected, rows.get(i).toFloatArray());
                }
            }
        }
    }

    @Test
    void gathersRowsInTheGivenOrder() throws IOException {
        SmallZoo.write(folder, 11, 4);
        try (Zoo zoo = Zoo.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = zoo.parameters(manager, new int[] {9, 0, 4, 0});
            assertEquals(new Shape(4, 13), rows.getShape());
            assertArrayEquals(zoo.parameters(9), rows.get(0).toFloatArray());
            assertArrayEquals(zoo.parameters(0), rows.get(1).toFloatArray());
            assertArrayEquals(zoo.parameters(4), rows.get(2).toFloatArray());
            assertArrayEquals(zoo.parameters(0), rows.get(3).toFloatArray());
            rows.addi(1); // memory of its own
            assertArrayEquals(SmallZoo.row(9, SmallZoo.SIREN).parameters(), zoo.parameters(9));
        }
    }

    @Test
    void arraysOutliveTheZoo() throws IOException {
        SmallZoo.write(folder, 10, 4);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows;
            try (Zoo zoo = Zoo.open(folder)) {
                rows = zoo.batches().get(1).parameters(manager);
            }
            System.gc();
            assertArrayEquals(
                    SmallZoo.row(4, SmallZoo.SIREN).parameters(), rows.get(0).toFloatArray());
        }
    }

    @Test
    void holdsSeveralArchitectures() throws IOException {
        var mlp = Mlp.of(List.of(2, 2, 2), new Layer.Relu(), true);
        ZooHeader header = new ZooHeader(
                "two",
                List.of(new ZooHeader.Group(SmallZoo.SIREN, 3), new ZooHeader.Group(mlp, 5)),
                List.of("psnr", "loss"),
                List.of(),
                Map.of(),
                2);
        assertEquals(5, header.parts());
        SmallZoo.complete(ZooWriter.create(folder, header), header);
        try (Zoo zoo = Zoo.open(folder);
                NDManager manager = NDManager.newBaseManager()) {
            assertEquals(List.of(SmallZoo.SIREN, mlp), zoo.architectures());
            assertEquals(mlp, zoo.architecture(3));
            assertArrayEquals(SmallZoo.row(3, mlp).parameters(), zoo.parameters(3));
            IllegalArgumentException e =
                    assertThrows(IllegalArgumentException.class, () -> zoo.parameters(manager, new int[] {0, 3}));
            assertTrue(e.getMessage().startsWith("row 3 is a mlp 2-2-2, row 0 a siren 2-3-1"), e.getMessage());
        }
    }

    @Test
    void refusesWhatIsOutside() throws IOException {
        SmallZoo.write(folder, 3, 4);
        Zoo zoo = Zoo.open(folder);
        assertEquals(
                "row 3 is outside [0, 3)",
                assertThrows(IllegalArgumentException.class, () -> zoo.id(3)).getMessage());
        assertEquals(
                "no metric 'acc' in [psnr, loss]",
                assertThrows(IllegalArgumentException.class, () -> zoo.metric("acc", 0))
                        .getMessage());
        zoo.close();
        assertEquals(
                "the zoo is closed",
                assertThrows(IllegalStateException.class, () -> zoo.id(0)).getMessage());
    }

    @Test
    void anUnfinishedZooSaysHowFarItIs() throws IOException {
        ZooHeader header = SmallZoo.header(10, 4);
        ZooWriter writer = ZooWriter.create(folder, header);
        writer.write(1, SmallZoo.part(header, 1));
        FormatException e = assertThrows(FormatException.Unsupported.class, () -> Zoo.open(folder));
        assertTrue(
                e.getMessage()
                        .endsWith("expected a complete zoo, found one that is being written (1 of 3 parts); resume the"
                                + " command that writes it"),
                e.getMessage());
        assertEquals(ZooManifest.State.WRITING, ZooManifest.read(folder).state());
        assertEquals(header, ZooManifest.read(folder).header());
    }

    @Test
    void everyBufferIsAligned() throws IOException {
        ZooHeader header = SmallZoo.write(folder, 4, 4);
        byte[] file = Files.readAllBytes(folder.resolve(header.part(0).path()));
        try (Zoo zoo = Zoo.open(folder)) {
            java.nio.ByteBuffer row = java.nio.ByteBuffer.allocate(13 * 4).order(java.nio.ByteOrder.LITTLE_ENDIAN);
            row.asFloatBuffer().put(zoo.parameters(0));
            int at = new String(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                    .indexOf(new String(row.array(), java.nio.charset.StandardCharsets.ISO_8859_1));
            assertEquals(0, at % 64, "the parameters begin at " + at);
        }
    }
}
