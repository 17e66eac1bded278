package dev.weft.cli.nowcast;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooManifest;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.ConfigOptions;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.metanets.nowcast.train.ForecasterConfig.Name;
import dev.weft.metanets.nowcast.train.NowcastRun;
import dev.weft.metanets.nowcast.train.NowcastTrainer;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RoundLoop;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code weft train --task nowcast}: trains NiNo or WNN+ on zoos of trajectories. */
public final class NowcastTrainingJob implements AutoCloseable {

    /** The name of {@code --task}. */
    public static final String TASK = "nowcast";

    /** The model if none is asked for. */
    public static final String DEFAULT_MODEL = "nino";

    private final List<Zoo> zoos = new ArrayList<>();
    private final String names;
    private final String digests;
    private final Path out;
    private final String command;

    /**
     * What came of it.
     *
     * @param rounds done
     * @param bestRound the one that was kept, counted from 1
     * @param validationError mean absolute error of the scaled values on the validation windows, of that round
     * @param lastStateError the same of saying that nothing will change
     */
    public record Result(
            Path run, String model, int rounds, int bestRound, double validationError, double lastStateError) {}

    /**
     * @param folders of the zoos
     * @param out the run's folder
     * @param command as it was typed
     */
    public NowcastTrainingJob(List<Path> folders, Path out, String command) throws IOException {
        List<String> sums = new ArrayList<>();
        try {
            for (Path folder : folders) {
                zoos.add(Zoo.open(folder));
                sums.add(ZooManifest.digest(folder));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
        names = String.join(",", zoos.stream().map(zoo -> zoo.header().name()).toList());
        digests = String.join(",", sums);
        this.out = out;
        this.command = command;
    }

    /** Begins a run, or goes on with one if {@code resume} says so and there is one, and trains it to its end. */
    public Result run(
            String model, ConfigOptions config, Seed seed, boolean resume, ProgressOption progress, Interruption stop)
            throws IOException {
        boolean goesOn = resume && NowcastRun.isIn(out);
        NowcastRun run = goesOn ? open() : plan(model, config, seed);
        NowcastTrainer trainer = new NowcastTrainer(run, zoos);
        if (!goesOn) {
            run.begin();
        }
        int perRound = run.config().training().stepsPerRound();
        try (Progress line = progress.start("Training", run.config().training().steps(), "steps")) {
            line.resumeAt((long) run.files().metrics().read().size() * perRound);
            RoundLoop.Outcome outcome = trainer.train(new Report(line), stop);
            if (!outcome.finished()) {
                throw new InterruptedJobException(
                        outcome.rounds() + " of " + run.config().training().rounds() + " rounds are kept",
                        InterruptedJobException.WITH_RESUME);
            }
            Result result = result(run, outcome);
            NowcastCard.write(run, result);
            return result;
        }
    }

    private NowcastRun open() throws IOException {
        NowcastRun run = NowcastRun.open(out);
        String begun = run.config().provenance().dataDigest();
        if (!begun.equals(digests)) {
            throw new IllegalArgumentException(
                    out + " was begun with other zoos: digest " + begun + ", but these have " + digests);
        }
        run.files().requireUnfinished();
        return run;
    }

    private NowcastRun plan(String model, ConfigOptions config, Seed seed) throws IOException {
        Name name = Name.of(model);
        NowcastSettings settings = config.bind(NowcastSettings.DEFAULT, Map.of());
        Provenance provenance = Provenance.of(command, names, digests, seed.value());
        return NowcastRun.plan(out, settings.config(name), settings.training(), provenance);
    }

    private static Result result(NowcastRun run, RoundLoop.Outcome outcome) throws IOException {
        JsonNode best = run.files().metrics().read().get(outcome.bestRound() - 1);
        return new Result(
                run.folder(),
                run.config().model().name().text(),
                outcome.rounds(),
                outcome.bestRound(),
                best.path("val_" + NowcastTrainer.ERROR).asDouble(),
                best.path("val_" + NowcastTrainer.LAST_ERROR).asDouble());
    }

    /** Shows steps and rounds on the progress line. */
    private static final class Report implements RoundLoop.Listener {
        private final Progress line;
        private String error = "";

        Report(Progress line) {
            this.line = line;
        }

        @Override
        public void stepDone(long steps, double loss) {
            line.update(steps, String.format(Locale.ROOT, "loss %.3f%s", loss, error));
        }

        @Override
        public void roundDone(RoundLoop.Round round) {
            double own = round.validation().getOrDefault(NowcastTrainer.ERROR, Double.NaN);
            double last = round.validation().getOrDefault(NowcastTrainer.LAST_ERROR, Double.NaN);
            error = String.format(Locale.ROOT, ", validation error %.3f of the last state's", own / last);
        }
    }

    @Override
    public void close() {
        zoos.forEach(Zoo::close);
    }
}
