package dev.weft.checkpoints;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.checkpoints.ZooVerification.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooVerifierTest {

    private static final ZooHeader HEADER = SmallZoo.header(10, 4);
    private static final String FIRST = HEADER.part(0).path();

    @TempDir
    Path folder;

    @Test
    void findsNothingInAGoodZoo() throws IOException {
        SmallZoo.write(folder, 10, 4);
        ZooVerification found = ZooVerifier.verify(folder);
        assertEquals(List.of(), found.problems());
        assertTrue(found.ok());
        assertEquals(3, found.parts());
        assertEquals(10, found.rows());
    }

    @Test
    void namesTheFirstParameterThatIsNotFinite() throws IOException {
        SmallZoo.write(folder, 10, 4);
        float[] row = SmallZoo.row(1, SmallZoo.SIREN).parameters();
        float[] lie = row.clone();
        lie[10] = Float.NaN; // seq.1.weight is [1, 3] and begins at 9
        lie[12] = Float.POSITIVE_INFINITY;
        Patch.replace(folder.resolve(FIRST), Patch.floats(row), Patch.floats(lie));
        ZooVerification found = ZooVerifier.verify(folder);
        assertFalse(found.ok());
        assertEquals(2, found.problems().size());
        assertTrue(found.problems().get(0).what().startsWith("expected SHA-256 "));
        assertEquals(
                new Problem(FIRST + ", row 'row-1'", "expected finite parameters, found NaN at seq.1.weight[0, 1]"),
                found.problems().get(1));
    }

    @Test
    void findsARunInTwoSplitsAndARepeatedId() throws IOException {
        ZooWriter writer = ZooWriter.create(folder, HEADER);
        for (int p = 0; p < 3; p++) {
            writer.write(p, SmallZoo.part(HEADER, p));
        }
        ZooRow row = SmallZoo.row(1, SmallZoo.SIREN); // run-0 is for validation
        List<ZooRow> rows = new ArrayList<>(SmallZoo.part(HEADER, 2));
        rows.set(0, new ZooRow("row-1", "run-0", 0, Split.TEST, 0, "", 0, row.metrics(), row.parameters()));
        writer.write(2, rows);
        writer.finish();
        String where = HEADER.part(2).path() + ", row 'row-1'";
        assertEquals(
                List.of(
                        new Problem(where, "expected an id that no other row has"),
                        new Problem(where, "expected run 'run-0' in one split, found it in val and test")),
                ZooVerifier.verify(folder).problems());
    }

    @Test
    void findsMissingForeignAndDamagedFiles() throws IOException {
        SmallZoo.write(folder, 10, 4);
        Files.delete(folder.resolve(FIRST));
        Files.writeString(folder.resolve("notes.txt"), "");
        Patch.replace(folder.resolve(HEADER.part(1).path()), "row-5", "row-x");
        Path last = folder.resolve(HEADER.part(2).path());
        Files.write(last, new byte[100]);
        List<Problem> problems = ZooVerifier.verify(folder).problems();
        assertEquals(new Problem(FIRST, "expected a file, found none"), problems.get(0));
        assertTrue(
                problems.get(1).what().startsWith("expected SHA-256"),
                problems.get(1).what());
        assertEquals(HEADER.part(1).path(), problems.get(1).where());
        assertTrue(
                problems.get(2).what().matches("expected \\d+ bytes, found 100"),
                problems.get(2).what());
        assertTrue(
                problems.get(3).what().contains("expected an Arrow file"),
                problems.get(3).what());
        assertEquals(new Problem("notes.txt", "expected no such file in a zoo"), problems.get(4));
        assertEquals(5, problems.size());
    }

    @Test
    void looksAtAnUnfinishedZoo() throws IOException {
        ZooWriter writer = ZooWriter.create(folder, HEADER);
        writer.write(1, SmallZoo.part(HEADER, 1));
        ZooVerification found = ZooVerifier.verify(folder);
        assertEquals(ZooManifest.State.WRITING, found.state());
        assertEquals(4, found.rows());
        assertEquals(
                List.of(new Problem("_zoo.json", "expected a complete zoo, found 1 of 3 parts")), found.problems());
    }
}
