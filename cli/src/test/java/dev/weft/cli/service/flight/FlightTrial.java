package dev.weft.cli.service.flight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.flight.RunningFlight.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A service with places for two, and a look whether each trial left it sound. */
abstract class FlightTrial {

    static final Row TENSOR = new Row("fc1.weight", List.of(2L, 3L), new float[6]);
    static final ObjectNode NOWCAST = RunningFlight.command("wnn", "nowcast");

    @TempDir
    static Path folder;

    static RunningFlight running;

    @BeforeAll
    static void start() throws IOException {
        running = RunningFlight.of(
                SmallModels.write(folder.resolve("models")),
                RunningFlight.limits(2, Duration.ofSeconds(60)),
                ApiKeys.none());
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
    }

    @AfterEach
    void theServiceIsHealthy() throws InterruptedException {
        running.requireHealthy();
    }
}
