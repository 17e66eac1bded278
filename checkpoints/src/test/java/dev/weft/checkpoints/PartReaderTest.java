package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parts that lie are refused with a message that names file, column, expected and found. */
class PartReaderTest {

    @TempDir
    Path folder;

    private ZooHeader header;
    private Path part;

    @BeforeEach
    void writeZoo() throws IOException {
        header = SmallZoo.write(folder, 4, 4); // ids row-0, row-1, row-2, row-3
        part = folder.resolve(header.part(0).path());
    }

    private void assertRefused(String message) {
        assertRefused(header, message);
    }

    private void assertRefused(ZooHeader wanted, String message) {
        Path expected = folder.resolve(wanted.part(0).path());
        FormatException e = assertThrows(FormatException.class, () -> PartReader.read(folder, wanted, 0));
        assertEquals(expected + message, e.getMessage());
    }

    /** A header that differs, with the real part where it would have its own. */
    private ZooHeader other(Architecture architecture, List<String> metrics, int rows) throws IOException {
        ZooHeader other = new ZooHeader("other", architecture, metrics, List.of(), Map.of(), rows, rows);
        Path place = folder.resolve(other.part(0).path());
        if (!place.equals(part)) {
            Files.createDirectory(place.getParent());
            Files.copy(part, place);
        }
        return other;
    }

    @Test
    void readsSeveralRecordBatches() throws IOException {
        ZooColumns columns = ZooColumns.of(header.metrics());
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            PartWriter.write(channel, SmallZoo.SIREN, columns, SmallZoo.part(header, 0), 3);
        }
        List<PartBatch> batches = PartReader.read(folder, header, 0);
        assertEquals(List.of(3, 1), batches.stream().map(PartBatch::rows).toList());
        assertEquals("row-3", batches.get(1).text(ZooColumns.ID, 0));
        assertEquals(
                SmallZoo.row(3, SmallZoo.SIREN).parameters()[2],
                batches.get(1).parameters().order(ByteOrder.LITTLE_ENDIAN).getFloat(8));
    }

    @Test
    void refusesAPartThatWasCutOff() throws IOException {
        Files.write(part, Arrays.copyOf(Files.readAllBytes(part), 900));
        assertRefused(": expected an Arrow file, which begins and ends with ARROW1; it was cut off or is another");
        Files.write(part, new byte[5]);
        assertRefused(": expected at least 18 bytes, found 5");
    }

    @Test
    void refusesAFooterLongerThanTheFile() throws IOException {
        byte[] bytes = Files.readAllBytes(part);
        System.arraycopy(Patch.ints(1 << 30), 0, bytes, bytes.length - 10, 4);
        Files.write(part, bytes);
        assertRefused(": the footer is said to be 1073741824 bytes long, the file has " + bytes.length);
    }

    @Test
    void refusesParametersOfAnotherWidth() throws IOException {
        assertRefused(
                other(Siren.of(List.of(2, 4, 1), 30, 0.5), header.metrics(), 4),
                ", column 'parameters': expected type fixed_size_list<float32>[17],"
                        + " found fixed_size_list<float32>[13]");
    }

    @Test
    void refusesAnotherArchitectureOfTheSameWidth() throws IOException {
        ZooHeader other = other(Siren.of(List.of(2, 3, 1), 25, 0.5), header.metrics(), 4);
        FormatException e = assertThrows(FormatException.class, () -> PartReader.read(folder, other, 0));
        assertTrue(e.getMessage().contains("expected weft.architecture {"), e.getMessage());
    }

    @Test
    void refusesOtherColumns() throws IOException {
        assertRefused(other(SmallZoo.SIREN, List.of("psnr"), 4), ": expected 10 columns, found 11");
        assertRefused(
                other(SmallZoo.SIREN, List.of("psnr", "acc"), 4),
                ", column 'metric_acc': expected name metric_acc, found metric_loss");
    }

    @Test
    void refusesAnotherNumberOfRows() throws IOException {
        assertRefused(other(SmallZoo.SIREN, header.metrics(), 5), ": expected 5 rows, found 4");
        FormatException e = assertThrows(
                FormatException.class, () -> PartReader.read(folder, other(SmallZoo.SIREN, header.metrics(), 3), 0));
        assertTrue(e.getMessage().endsWith("expected 1 to 3 rows, found 4"), e.getMessage());
    }

    @Test
    void refusesTextOffsetsThatLeaveTheirColumn() throws IOException {
        Patch.replace(part, Patch.ints(0, 5, 10, 15, 20), Patch.ints(0, 5, 4, 15, 20));
        assertRefused(", column 'id': row 2: expected an offset in [5, 20], found 4");
        Patch.replace(part, Patch.ints(0, 5, 4, 15, 20), Patch.ints(0, 5, 10, 15, 21));
        assertRefused(", column 'id': row 4: expected an offset in [15, 20], found 21");
        Patch.replace(part, Patch.ints(0, 5, 10, 15, 21), Patch.ints(-1, 5, 10, 15, 20));
        assertRefused(", column 'id': row 0: expected an offset in [0, 20], found -1");
    }

    @Test
    void refusesUnknownSplitsAndLabels() throws IOException {
        Patch.replace(part, "valvaltraintrain", "valvaltrialtrain");
        assertRefused(", column 'split': row 2: expected train, val or test, found 'trial'");
        Patch.replace(part, "valvaltrialtrain", "valvaltraintrain");
        Patch.replace(part, Patch.ints(-1, 0, 1, -1), Patch.ints(-1, 0, 2, -1));
        assertRefused(", column 'label': row 2: expected -1 or the number of one of 2 classes, found 2");
    }

    @Test
    void theZooRefusesAPartOfAnotherLength() throws IOException {
        byte[] bytes = Files.readAllBytes(part);
        Files.write(part, Arrays.copyOf(bytes, bytes.length + 1));
        FormatException e = assertThrows(FormatException.class, () -> Zoo.open(folder));
        assertEquals(
                part + ": expected " + bytes.length + " bytes, as the manifest says, found " + (bytes.length + 1),
                e.getMessage());
    }
}
