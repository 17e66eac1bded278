package dev.weft.cli.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.cli.Execution;
import dev.weft.cli.SmallZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZooCommandTest {

    @TempDir
    private Path temporary;

    private Path zoo() throws IOException {
        return SmallZoo.write(temporary.resolve("zoo"));
    }

    private static Path part(Path zoo, int index) throws IOException {
        try (Stream<Path> files = Files.walk(zoo)) {
            return files.filter(file -> file.toString().endsWith("part-00000" + index + ".arrow"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static JsonNode json(Execution run) throws IOException {
        return JsonMapper.builder().build().readTree(run.out());
    }

    @Test
    void infoShowsArchitecturesClassesMetricsAndProvenance() throws IOException {
        Execution info = Execution.of("zoo", "info", zoo().toString());
        assertEquals(0, info.exitCode(), info.err());
        String fingerprint = SmallZoo.SIREN.fingerprint().substring(0, 12);
        assertEquals("""
                small: 5 networks in 2 of 2 parts, SIZE MB, complete

                architecture  networks  parameters  fingerprint
                ------------  --------  ----------  ------------
                siren 2-3-1          5          13  %s

                class       train  val  test
                ----------  -----  ---  ----
                no, "none"      2    0     0
                yes             1    1     0
                (none)          0    0     1
                all             3    1     1

                metric  least   mean  greatest
                ------  -----  -----  --------
                psnr    30.00  32.00     34.00

                provenance
                ----------  -
                seed        7
                """.formatted(fingerprint), info.out().replaceFirst("[0-9.]+ MB", "SIZE MB"));
    }

    @Test
    void infoAsJsonHasTheSame() throws IOException {
        JsonNode info = json(Execution.of("zoo", "info", zoo().toString(), "--json"));
        assertEquals(
                List.of(
                        "zoo",
                        "name",
                        "state",
                        "rows",
                        "parts",
                        "parts_written",
                        "bytes",
                        "architectures",
                        "trajectories",
                        "classes",
                        "metrics",
                        "provenance"),
                info.properties().stream().map(java.util.Map.Entry::getKey).toList());
        assertEquals(13, info.at("/architectures/0/parameters").intValue());
        assertEquals(32.0, info.at("/metrics/psnr/mean").doubleValue());
        assertEquals(1, info.at("/classes/2/test").intValue());
    }

    @Test
    void infoTellsHowFarAnUnfinishedZooIs() throws IOException {
        Path folder = temporary.resolve("zoo");
        SmallZoo.begin(folder);
        Execution info = Execution.of("zoo", "info", folder.toString());
        assertEquals(0, info.exitCode(), info.err());
        assertTrue(info.out().startsWith("small: 5 networks in 1 of 2 parts, "), info.out());
        assertTrue(info.out().contains(" MB, writing\n"), info.out());
    }

    @Test
    void aMissingZooIsNotFound() {
        Path missing = temporary.resolve("missing");
        for (String verb : List.of("info", "verify")) {
            assertEquals(
                    new Execution(4, "", "weft zoo " + verb + ": " + missing + "/_zoo.json: there is no zoo\n"),
                    Execution.of("zoo", verb, missing.toString()));
        }
    }

    @Test
    void aDamagedManifestIsABadFile() throws IOException {
        Path zoo = zoo();
        Files.writeString(zoo.resolve("_zoo.json"), "{\"state\": ");
        Execution info = Execution.of("zoo", "info", zoo.toString());
        assertEquals(3, info.exitCode(), info.err());
        assertTrue(info.err().startsWith("weft zoo info: " + zoo + "/_zoo.json: "), info.err());
    }

    @Test
    void verifySaysThatAllIsWell() throws IOException {
        Execution verify = Execution.of("zoo", "verify", zoo().toString());
        assertEquals(0, verify.exitCode(), verify.err());
        assertTrue(verify.out().endsWith(" MB: all is well\n"), verify.out());
    }

    @Test
    void verifyNamesTheDamagedPart() throws IOException {
        Path zoo = zoo();
        Path part = part(zoo, 1);
        byte[] bytes = Files.readAllBytes(part);
        bytes[bytes.length / 2] ^= 1;
        Files.write(part, bytes);
        Execution verify = Execution.of("zoo", "verify", zoo.toString(), "--json");
        assertEquals(3, verify.exitCode());
        JsonNode report = json(verify);
        assertEquals(
                zoo.relativize(part).toString(), report.at("/problems/0/where").textValue());
        assertTrue(report.at("/problem_count").intValue() >= 1, verify.out());
    }

    @Test
    void exportWritesOneSafetensorsFileForEachNetwork() throws IOException {
        Path out = temporary.resolve("out");
        Execution export = Execution.of("zoo", "export", zoo().toString(), "--row", "a/3,a/1", "--out", out.toString());
        assertEquals(new Execution(0, "2 networks written to " + out + "\n", ""), export);
        try (Safetensors file = Safetensors.open(out.resolve("a_3.safetensors"))) {
            assertEquals("a/3", file.metadata().get("id"));
            String bias = SmallZoo.SIREN.parameters().get(1).name();
            assertArrayEquals(new float[] {3, 3, 3}, file.floats(bias));
        }
        assertTrue(Files.exists(out.resolve("a_1.safetensors")));
    }

    @Test
    void exportSelectsByTextInAnyCase() throws IOException {
        Path out = temporary.resolve("rows.jsonl");
        Execution export = Execution.of(
                "zoo",
                "export",
                zoo().toString(),
                "--split",
                "train",
                "--limit",
                "2",
                "--format",
                "jsonl",
                "--out",
                out.toString(),
                "--json");
        assertEquals("{\n  \"rows\" : 2,\n  \"format\" : \"jsonl\",\n  \"out\" : \"" + out + "\"\n}\n", export.out());
        List<String> lines = Files.readAllLines(out);
        assertEquals(2, lines.size());
        assertEquals(
                "{\"id\":\"a/1\",\"run_id\":\"run-1\",\"step\":100,\"split\":\"train\",\"label\":1,\"class\":\"yes\","
                        + "\"architecture\":\"" + SmallZoo.SIREN.fingerprint()
                        + "\",\"parameters\":13,\"source\":\"digits/1\",\"seed\":1,\"metric_psnr\":31.0}",
                lines.get(1));
    }

    @Test
    void exportWritesAllColumnsAsParquet() throws IOException {
        Path out = temporary.resolve("zoo.parquet");
        Execution export = Execution.of(
                "zoo", "export", zoo().toString(), "--format", "parquet", "--limit", "2", "--out", out.toString());
        assertEquals("2 networks written to " + out + "\n", export.out());
        byte[] bytes = Files.readAllBytes(out);
        assertEquals("PAR1", new String(bytes, bytes.length - 4, 4, java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void exportQuotesWhatCsvMustQuote() throws IOException {
        Path out = temporary.resolve("rows.csv");
        Execution export = Execution.of("zoo", "export", zoo().toString(), "--format", "csv", "--out", out.toString());
        assertEquals(0, export.exitCode(), export.err());
        List<String> lines = Files.readAllLines(out);
        String fingerprint = SmallZoo.SIREN.fingerprint();
        assertEquals(
                List.of(
                        "id,run_id,step,split,label,class,architecture,parameters,source,seed,metric_psnr",
                        "a/0,run-0,100,train,0,\"no, \"\"none\"\"\"," + fingerprint + ",13,digits/0,0,30.0",
                        "a/4,run-4,100,test,,," + fingerprint + ",13,digits/4,4,34.0"),
                List.of(lines.get(0), lines.get(1), lines.get(5)));
    }

    @Test
    void anUnknownRowIsNotFound() throws IOException {
        Path zoo = zoo();
        assertEquals(
                new Execution(4, "", "weft zoo export: " + zoo + ": no row 'b'; the first of 5 is 'a/0'\n"),
                Execution.of("zoo", "export", zoo.toString(), "--row", "b", "--out", "out"));
    }

    @Test
    void anUnfinishedZooIsNotExported() throws IOException {
        Path folder = temporary.resolve("zoo");
        SmallZoo.begin(folder);
        Execution export = Execution.of("zoo", "export", folder.toString(), "--out", "out");
        assertEquals(3, export.exitCode());
        assertTrue(export.err().contains("(1 of 2 parts)"), export.err());
    }

    @Test
    void idsCannotLeaveTheDirectory() {
        assertEquals("_._.._etc_passwd.safetensors", ZooExportCommand.fileName("../../etc/passwd"));
        assertEquals("ü-1.x.safetensors", ZooExportCommand.fileName("ü-1.x"));
    }

    @Test
    void zooWithoutAVerbShowsItsHelp() {
        Execution none = Execution.of("zoo");
        assertEquals(2, none.exitCode());
        assertTrue(none.err().startsWith("Usage: weft zoo [-hqVv] [COMMAND]\n"), none.err());
    }
}
