package dev.weft.cli.nowcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.cli.Execution;
import dev.weft.cli.SmallZoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From training runs of tiny networks to forecasts by a network that was trained on them. */
class NowcastTrainingTest {

    @TempDir
    private Path folder;

    private Path zoo;

    private static JsonNode json(Execution execution) throws IOException {
        assertEquals(0, execution.exitCode(), execution.err());
        return JsonMapper.builder().build().readTree(execution.out());
    }

    /** Records runs of 13 states. */
    private void record(String name, String network) {
        zoo = folder.resolve(name);
        Execution recorded = Execution.of(
                "zoo",
                "trajectories",
                "--out",
                zoo.toString(),
                "--network",
                network,
                "--runs",
                "4",
                "--steps",
                "12",
                "--every",
                "1",
                "--set",
                "val=0.25",
                "--set",
                "test=0.25",
                "--no-progress");
        assertEquals(0, recorded.exitCode(), recorded.err());
    }

    private Execution train(Path run, String... more) {
        List<String> args = new ArrayList<>(List.of("train", zoo.toString(), "--task", "nowcast"));
        args.addAll(List.of("--out", run.toString(), "--no-progress", "--json", "--set", "width=4"));
        args.addAll(List.of("--set", "horizons=4", "--set", "training.leastHorizons=2"));
        args.addAll(List.of("--set", "training.steps=4", "--set", "training.stepsPerRound=2"));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    private Execution forecast(String... more) {
        List<String> args = new ArrayList<>(List.of("zoo", "forecast", zoo.toString(), "--horizons", "1,4"));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    @Test
    void aTrainedNetworkForecastsBesideTheRules() throws IOException {
        record("small", "mlp-4");
        Path nino = folder.resolve("nino");
        JsonNode trained = json(train(nino, "--set", "wiring=corrected"));
        assertEquals("nino", trained.get("model").textValue());
        assertEquals(2, trained.get("rounds").intValue());
        assertTrue(trained.get("validation_error").isNumber(), trained.toString());
        String card = Files.readString(nino.resolve("card.md"));
        assertTrue(card.contains("2 rounds of 2 steps"), card);
        Path wnn = folder.resolve("wnn");
        assertEquals("wnn+", json(train(wnn, "--model", "wnn+")).get("model").textValue());

        JsonNode results = json(forecast("--json", "--weights", nino.toString(), "--weights", wnn.toString()))
                .get("results");
        assertEquals(10, results.size());
        assertEquals(nino.toString(), results.get(6).get("forecaster").textValue());
        assertUsage("wnn: expected horizons up to 4, got 5", forecast("--weights", wnn.toString(), "--horizons", "5"));
        int closest = 0;
        for (JsonNode result : results) {
            closest += result.get("horizon").intValue() == 4
                    ? result.get("closest").intValue()
                    : 0;
        }
        assertEquals(results.get(0).get("windows").intValue(), closest);

        Execution evaluated = Execution.of("evaluate", nino.toString(), zoo.toString());
        assertEquals(2, evaluated.exitCode());
        assertTrue(evaluated.err().contains("weft zoo forecast " + zoo + " --weights " + nino), evaluated.err());

        Path next = folder.resolve("next.safetensors");
        String rows = "digits-00000-s0,digits-00000-s1,digits-00000-s2,digits-00000-s3,digits-00000-s4";
        JsonNode forecast = json(Execution.of(
                "nowcast",
                "--weights",
                wnn.toString(),
                "--zoo",
                zoo.toString(),
                "--rows",
                rows,
                "--horizon",
                "3",
                "--out",
                next.toString(),
                "--json"));
        assertEquals("wnn+", forecast.get("model").textValue());
        assertTrue(Files.exists(next));
    }

    @Test
    void severalZoosAreTrainedOnTogether() throws IOException {
        record("other", "conv-2-2");
        Path other = zoo;
        record("small", "mlp-4");
        json(train(folder.resolve("run"), "--also", other.toString()));
        Execution again = train(folder.resolve("run"), "--resume");
        assertEquals(2, again.exitCode());
        assertTrue(again.err().contains("was begun with other zoos"), again.err());
        Execution finished = train(folder.resolve("run"), "--resume", "--also", other.toString());
        assertTrue(finished.err().contains("this run is finished"), finished.err());
    }

    @Test
    void whatCannotBeIsRefusedAndNothingIsWritten() throws IOException {
        record("small", "mlp-4");
        Path run = folder.resolve("run");
        assertUsage("no forecasting network 'wnn'; there are [nino, wnn+]", train(run, "--model", "wnn"));
        assertUsage(
                "has the 19 rows that 5 states and 2 behind them, 3 rows apart",
                train(run, "--set", "training.stride=3"));
        assertUsage("expected at most the network's horizons, 1, got 2", train(run, "--set", "horizons=1"));
        assertUsage("--probes and --epochs are not for nowcast", train(run, "--epochs", "2"));
        Path inrs = SmallZoo.write(folder.resolve("inrs"));
        assertUsage("small: no run of the split train has the", train(run, "--also", inrs.toString()));
        assertFalse(Files.exists(run));
        assertEquals(4, forecast("--weights", run.toString()).exitCode());
    }

    private static void assertUsage(String message, Execution run) {
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
    }
}
