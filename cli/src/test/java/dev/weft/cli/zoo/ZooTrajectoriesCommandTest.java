package dev.weft.cli.zoo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.Zoo;
import dev.weft.cli.Execution;
import dev.weft.cli.SmallZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains tiny networks, a few steps each, on the digits and on a short text. */
class ZooTrajectoriesCommandTest {

    @TempDir
    private Path temporary;

    private Path zoo() {
        return temporary.resolve("zoo");
    }

    private Execution train(String... more) {
        List<String> args = new ArrayList<>(
                List.of("zoo", "trajectories", "--out", zoo().toString(), "--runs", "3", "--steps", "8"));
        args.addAll(List.of(more));
        if (!args.contains("--every")) {
            args.addAll(List.of("--every", "1"));
        }
        return Execution.of(args.toArray(String[]::new));
    }

    private static JsonNode json(Execution run) throws IOException {
        return JsonMapper.builder().build().readTree(run.out());
    }

    @Test
    void runsAreKeptAndForecastsComparedWithThem() throws IOException {
        Execution train =
                train("--network", "mlp-4", "--set", "test=0.34", "--set", "val=0", "--json", "--no-progress");
        assertEquals(0, train.exitCode(), train.err());
        assertEquals("", train.err());
        assertEquals(27, json(train).get("trained").intValue());
        assertTrue(json(train).get("test_accuracy").isNumber(), train.out());

        Execution info = Execution.of("zoo", "info", zoo().toString());
        assertTrue(
                info.out().contains("\n3 runs (2 train, 0 val, 1 test) of 9 networks each, steps 0 to 8\n"),
                info.out());
        assertEquals(
                9,
                json(Execution.of("zoo", "info", zoo().toString(), "--json"))
                        .get("trajectories")
                        .get("most_rows")
                        .intValue());

        Execution forecast = Execution.of("zoo", "forecast", zoo().toString(), "--horizons", "1,4", "--json");
        assertEquals(0, forecast.exitCode(), forecast.err());
        JsonNode results = json(forecast).get("results");
        assertEquals(6, results.size());
        assertEquals("last", results.get(0).get("forecaster").textValue());
        assertEquals(1, results.get(0).get("error").doubleValue());
        Execution table = Execution.of("zoo", "forecast", zoo().toString(), "--horizons", "1");
        assertTrue(table.out().startsWith("forecast  horizon  windows  error"), table.out());
    }

    @Test
    void progressGoesToStandardErrorOnly() {
        Execution train = train("--network", "mlp-4");
        assertEquals("27 networks (mlp 64-4-10) of 3 runs in " + zoo() + "\n", train.out());
        assertTrue(
                train.err().matches("(?s)Training 27/27 networks \\(100 %\\).*test loss .*, accuracy .* %\n"),
                train.err());
    }

    @Test
    void charactersAreReadFromAFile() throws IOException {
        Path text = Files.writeString(temporary.resolve("song.txt"), "la li lu ".repeat(60));
        Execution train =
                train("--network", "gpt-1-4-2", "--text", text.toString(), "--set", "length=8", "--no-progress");
        assertEquals(0, train.exitCode(), train.err());
        try (Zoo zoo = Zoo.open(zoo())) {
            assertEquals(" ailu", zoo.header().provenance().get("text.vocabulary"));
            assertEquals("gpt2", zoo.header().provenance().get("recipe.init"));
            assertEquals("song-00002-s8", zoo.id(26));
        }
        String[] forecast = {"zoo", "forecast", zoo().toString(), "--split", "test", "--horizons", "2"};
        Execution other = Execution.of(forecast);
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("the networks were trained with source song.txt, the data given"), other.err());
        List<String> same = new ArrayList<>(List.of(forecast));
        same.addAll(List.of("--text", text.toString()));
        Execution right = Execution.of(same.toArray(String[]::new));
        assertEquals(0, right.exitCode(), right.err());
    }

    @Test
    void aZooThatWasBegunIsGoneOnWith() {
        assertEquals(0, train("--network", "mlp-4", "--no-progress").exitCode());
        Execution again = train("--network", "mlp-4", "--no-progress");
        assertEquals(2, again.exitCode());
        assertTrue(again.err().contains("is not empty"), again.err());
        Execution resumed = train("--network", "mlp-4", "--no-progress", "--resume");
        assertEquals(0, resumed.exitCode(), resumed.err());
        Execution other = train("--network", "mlp-4", "--no-progress", "--resume", "--seed", "1");
        assertTrue(other.err().contains("provenance 'seed' was 0 and is now 1"), other.err());
    }

    @Test
    void whatCannotBeIsRefusedAndNothingIsWritten() throws IOException {
        assertUsage("no network 'resnet-18'", train("--network", "resnet-18"));
        assertUsage("mlp-4 reads images; --text is for", train("--network", "mlp-4", "--text", "x.txt"));
        assertUsage("gpt-1-4-2 reads characters", train("--network", "gpt-1-4-2", "--png", temporary.toString()));
        assertUsage("divided by the 3 steps", train("--network", "mlp-4", "--every", "3"));
        Execution missing = train(
                "--network", "gpt-1-4-2", "--text", temporary.resolve("x.txt").toString());
        assertEquals(4, missing.exitCode(), missing.err());
        Path bytes = Files.write(temporary.resolve("bytes.txt"), new byte[] {(byte) 0xff});
        Execution damaged = train("--network", "gpt-1-4-2", "--text", bytes.toString());
        assertEquals(3, damaged.exitCode(), damaged.err());
        assertFalse(Files.exists(zoo()));
        Path inrs = SmallZoo.write(temporary.resolve("inrs"));
        assertUsage("its provenance lacks 'images.test'", Execution.of("zoo", "forecast", inrs.toString()));
    }

    private static void assertUsage(String message, Execution run) {
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }
}
