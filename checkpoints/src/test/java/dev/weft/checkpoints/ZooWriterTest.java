package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ZooWriterTest {

    private static final ZooHeader HEADER = SmallZoo.header(10, 4);

    @TempDir
    Path temporary;

    private Path folder;

    @BeforeEach
    void nameFolder() {
        folder = temporary.resolve("zoo");
    }

    @Test
    void bytesDoNotDependOnTheOrderOfWriting() throws IOException {
        SmallZoo.write(temporary.resolve("straight"), 10, 4);
        ZooWriter writer = ZooWriter.resume(folder, HEADER);
        writer.write(2, SmallZoo.part(HEADER, 2));
        assertTrue(writer.isWritten(2));
        assertFalse(writer.isWritten(0));
        SmallZoo.complete(ZooWriter.resume(folder, HEADER), HEADER);
        assertEquals(FolderContent.of(temporary.resolve("straight")), FolderContent.of(folder));
    }

    @Test
    void resumingAFinishedZooChangesNothing() throws IOException {
        SmallZoo.write(folder, 10, 4);
        Map<String, String> before = FolderContent.of(folder);
        SmallZoo.complete(ZooWriter.resume(folder, HEADER), HEADER);
        assertEquals(before, FolderContent.of(folder));
    }

    @Test
    void resumeRemovesLeftovers() throws IOException {
        ZooWriter.create(folder, HEADER);
        String part = HEADER.part(1).path();
        Path leftover = folder.resolve(part).resolveSibling(".part-000001.arrow.tmp");
        Files.writeString(leftover, "half a part");
        Files.writeString(folder.resolve("._zoo.json.tmp"), "{");
        ZooWriter writer = ZooWriter.resume(folder, HEADER);
        assertFalse(Files.exists(leftover));
        assertFalse(Files.exists(folder.resolve("._zoo.json.tmp")));
        assertFalse(writer.isWritten(1));
    }

    @Test
    void resumeRefusesOtherSettings() throws IOException {
        ZooWriter.create(folder, HEADER);
        assertRefused("rows_per_part was 4 and is now 5;", () -> ZooWriter.resume(folder, SmallZoo.header(10, 5)));
        assertRefused(
                "group 0 was 10 rows of siren 2-3-1 (0990d1017841) and is now 11 rows of siren 2-3-1",
                () -> ZooWriter.resume(folder, SmallZoo.header(11, 4)));
        ZooHeader other = new ZooHeader(
                "small",
                SmallZoo.SIREN,
                List.of("psnr"),
                HEADER.classes(),
                Map.of("seed", "8", "recipe", "none", "size", "2"),
                10,
                4);
        assertRefused(
                "metrics was [psnr, loss] and is now [psnr]; provenance 'seed' was 7 and is now 8; "
                        + "provenance 'size' was absent and is now 2; use the same settings or another folder",
                () -> ZooWriter.resume(folder, other));
    }

    @Test
    void createRefusesAFolderWithSomethingInIt() throws IOException {
        Files.createDirectory(folder);
        ZooWriter.create(folder, HEADER);
        assertRefused("is not empty, there is ", () -> ZooWriter.create(folder, HEADER));
        Path other = Files.createDirectory(temporary.resolve("photos"));
        Files.writeString(other.resolve("cat.jpg"), "");
        assertRefused("is not empty, there is cat.jpg", () -> ZooWriter.resume(other, HEADER));
    }

    @Test
    void finishNamesTheMissingPart() throws IOException {
        ZooWriter writer = ZooWriter.create(folder, HEADER);
        writer.write(0, SmallZoo.part(HEADER, 0));
        IllegalStateException e = assertThrows(IllegalStateException.class, writer::finish);
        assertTrue(e.getMessage().endsWith("part 1 of 3 is not written, 1 are"), e.getMessage());
    }

    @Test
    void refusesRowsThatDoNotFit() throws IOException {
        ZooWriter writer = ZooWriter.create(folder, HEADER);
        ZooRow good = SmallZoo.row(9, SmallZoo.SIREN);
        ZooRow other = SmallZoo.row(8, SmallZoo.SIREN);
        assertRefused("part 2: expected 2 rows, got 1", () -> writer.write(2, List.of(good)));
        assertRefused("part 3 is outside [0, 3)", () -> writer.write(3, List.of(good)));
        assertRefused("part 2: two rows are called 'row-9'", () -> writer.write(2, List.of(good, good)));
        assertRefused(
                "row 'row-8': expected 13 parameters of siren 2-3-1, got 12",
                () -> writer.write(2, List.of(with(other, other.label(), other.metrics(), new float[12]), good)));
        assertRefused(
                "row 'row-8': expected label -1 or below 2, got 2",
                () -> writer.write(2, List.of(with(other, 2, other.metrics(), other.parameters()), good)));
        assertRefused(
                "row 'row-8': expected metrics [psnr, loss], got 1 values",
                () -> writer.write(2, List.of(with(other, 0, new double[1], other.parameters()), good)));
        float[] wild = other.parameters().clone();
        wild[3] = Float.NaN; // seq.0.weight is [3, 2]
        assertRefused(
                "row 'row-8': expected finite parameters, got NaN at seq.0.weight[1, 1]",
                () -> writer.write(2, List.of(with(other, 0, other.metrics(), wild), good)));
        assertFalse(writer.isWritten(2));
    }

    @Test
    void headersAreChecked() {
        assertRefused("zoo header: rows per part must be in [1, 1048576], got 0", () -> SmallZoo.header(10, 0));
        assertRefused("zoo header: rows of siren 2-3-1 must be in [1, 2147483647], got 0", () -> SmallZoo.header(0, 4));
        ZooHeader.Group group = new ZooHeader.Group(SmallZoo.SIREN, 1);
        assertRefused(
                "zoo header: architectures repeat",
                () -> new ZooHeader("z", List.of(group, group), List.of(), List.of(), Map.of(), 1));
        assertRefused(
                "zoo header: names of metrics repeat, got [a, a]",
                () -> new ZooHeader("z", List.of(group), List.of("a", "a"), List.of(), Map.of(), 1));
    }

    private static ZooRow with(ZooRow row, int label, double[] metrics, float[] parameters) {
        return new ZooRow(
                row.id(), row.runId(), row.step(), row.split(), label, row.source(), row.seed(), metrics, parameters);
    }

    private static void assertRefused(String message, Executable action) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, action);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }
}
