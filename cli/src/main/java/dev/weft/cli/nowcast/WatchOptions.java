package dev.weft.cli.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Failures;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.Output;
import dev.weft.metanets.nowcast.FileForecaster;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.HorizonSchedule;
import dev.weft.metanets.nowcast.NowcastFolder;
import dev.weft.metanets.nowcast.NowcastFolder.Window;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** {@code weft nowcast --watch}: forecasts as checkpoints arrive, until it is told to stop. */
final class WatchOptions {

    private static final Logger LOG = LoggerFactory.getLogger(WatchOptions.class);

    private static final long STEP_NANOS = 50_000_000;
    private static final String EVERY_DEFAULT = "" + Trajectory.STATES;
    private static final String POLL_DEFAULT = "0.5";
    private static final int MOST_POLL = 86_400;
    private static final int MOST_PLANNED = 1_000_000;

    @Option(
            names = "--watch",
            paramLabel = "DIR",
            required = true,
            description = "A folder of numbered checkpoints, for example step-000200.safetensors. Whenever five or more"
                    + " new ones are there, nowcast-NAME is made of the last five, NAME being the last one's. Nothing else in"
                    + " the folder may have a number in its name.")
    private Path folder;

    @Option(
            names = "--every",
            paramLabel = "N",
            defaultValue = EVERY_DEFAULT,
            description = "Checkpoints from one forecast to the next (default: ${DEFAULT-VALUE}). With fewer than 5,"
                    + " forecasts share states: for scripts that only look at them.")
    private int every;

    @Option(
            names = "--schedule",
            paramLabel = "N",
            description = "Instead of --horizon for all: of N planned forecasts the first has the weights' longest"
                    + " horizon, the last 1.")
    private @Nullable Integer planned;

    @Option(names = "--once", description = "Forecast what can be forecast now, and end.")
    private boolean once;

    @Option(
            names = "--poll",
            paramLabel = "SECONDS",
            defaultValue = POLL_DEFAULT,
            description = "How often to look (default: ${DEFAULT-VALUE}).")
    private double poll;

    /** A forecast that was written. */
    record Written(Path out, long number, int horizon, double seconds) {}

    /** What {@code --json} prints at the end of {@code --once}. */
    record Report(Path folder, List<Written> forecasts) {}

    int run(FileForecaster forecaster, NDManager manager, ForecastSettings settings, Output output) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "the folder to watch does not exist");
        }
        if (!(poll > 0 && poll <= MOST_POLL)) {
            throw new IllegalArgumentException(
                    "--poll: expected more than 0 and at most " + MOST_POLL + " seconds, found " + poll);
        }
        if (planned != null && (planned < 1 || planned > MOST_PLANNED)) {
            throw new IllegalArgumentException(
                    "--schedule: expected 1 to " + MOST_PLANNED + " forecasts, found " + planned);
        }
        HorizonSchedule schedule = planned == null
                ? HorizonSchedule.constant(settings.horizon())
                : new HorizonSchedule(forecaster.model().horizons(), planned, HorizonSchedule.POWER_DEFAULT);
        NowcastFolder checkpoints = new NowcastFolder(folder, every);
        List<Written> written = new ArrayList<>();
        try (Interruption stop = Interruption.watch()) {
            while (!stop.getAsBoolean()) {
                Optional<Window> next = checkpoints.next();
                if (next.isPresent()) {
                    Window window = next.get();
                    ForecastSettings own = settings.withHorizon(schedule.horizon(window.index()));
                    forecast(forecaster, manager, window, own).ifPresent(each -> {
                        written.add(each);
                        tell(each, output);
                    });
                    checkpoints.finish(window);
                } else if (once) {
                    output.print(new Report(folder, written), text -> text.println(written.size() + " forecasts"));
                    return ExitCode.OK;
                } else {
                    pause(stop);
                }
            }
        }
        throw new InterruptedJobException(written.size() + " forecasts are written", "run the same command again");
    }

    /** Waits, but no longer than a person would who wants it to stop. */
    private void pause(BooleanSupplier stop) {
        long end = System.nanoTime() + (long) (1e9 * poll);
        while (System.nanoTime() < end && !stop.getAsBoolean()) {
            LockSupport.parkNanos(Math.min(STEP_NANOS, end - System.nanoTime()));
        }
    }

    /** Writes a forecast; states that are refused are passed over, since the script may come to better ones. */
    private Optional<Written> forecast(
            FileForecaster forecaster, NDManager manager, Window window, ForecastSettings settings) throws IOException {
        long start = System.nanoTime();
        try {
            forecaster.forecast(manager, window.states(), settings, window.out());
        } catch (FormatException | NoSuchFileException e) { // damaged, or pruned by the script
            if (once) {
                throw e;
            }
            LOG.warn("no forecast from checkpoint {}: {}", window.number(), Failures.message(e));
            return Optional.empty();
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        return Optional.of(new Written(window.out(), window.number(), settings.horizon(), seconds));
    }

    private static void tell(Written written, Output output) {
        if (!output.isJson()) {
            output.print(
                    written,
                    text -> text.printf(
                            Locale.ROOT, "%s: horizon %d, %.1f s%n", written.out, written.horizon, written.seconds));
        }
    }
}
