package dev.weft.cli.ghn;

import dev.weft.checkpoints.Split;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.ConfigOptions;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.GhnTrainer;
import dev.weft.hypernets.ghn.GhnTraining;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RoundLoop;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.metanets.task.StrictJson;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;

/** {@code weft train --task ghn}: trains a graph hypernetwork on a file of architectures and on images. */
public final class GhnTrainingJob {

    /** The name of {@code --task}. */
    public static final String TASK = "ghn";

    /** The model if none is asked for. */
    public static final String DEFAULT_MODEL = "ghn-2";

    private final Path file;
    private final ImageOptions images;
    private final Path out;
    private final String command;

    /**
     * What came of it.
     *
     * @param model name as in {@code --model}
     * @param rounds done
     * @param validationAccuracy mean over the validation networks, of the round that was kept
     */
    public record Result(Path run, int rounds, int bestRound, double validationAccuracy) {}

    /**
     * @param file architectures, as {@code weft zoo architectures} writes them
     * @param images to train on
     * @param out the run's folder
     * @param command as it was typed
     */
    public GhnTrainingJob(Path file, ImageOptions images, Path out, String command) {
        this.file = file;
        this.images = images;
        this.out = out;
        this.command = command;
    }

    /** Begins a run, or goes on with one if {@code resume} says so and there is one, and trains it to its end. */
    public Result run(
            String model, ConfigOptions config, Seed seed, boolean resume, ProgressOption progress, Interruption stop)
            throws IOException {
        GhnRun run;
        GhnData data;
        if (resume && Files.exists(out.resolve(RunDirectory.CONFIG))) {
            run = GhnRun.open(out);
            data = GhnData.of(run, file, images);
        } else {
            GhnSettings settings = config.bind(GhnSettings.of(model), Map.of());
            data = GhnData.open(file, images, settings.size(), seed);
            run = begin(settings.config(model, data.classes()), settings.training(), data, seed);
        }
        return train(
                run,
                data,
                total -> progress.start("Training", total, "steps"),
                stop,
                InterruptedJobException.WITH_RESUME);
    }

    /** Begins a run. */
    public GhnRun begin(GhnConfig model, GhnTraining training, GhnData data, Seed seed) throws IOException {
        data.requireWithinRange(model);
        return GhnRun.create(
                out,
                model,
                training,
                StrictJson.tree(data.description()),
                Provenance.of(
                        command,
                        String.valueOf(file.getFileName()),
                        data.description().digest(),
                        seed.value()));
    }

    /**
     * Trains a run to its end.
     *
     * @param lines makes a progress line for a number of steps
     * @param resume what to tell whoever interrupts it
     */
    public static Result train(
            GhnRun run, GhnData data, LongFunction<Progress> lines, BooleanSupplier stop, String resume)
            throws IOException {
        run.files().requireUnfinished();
        List<Architecture> validation = data.networks(ArchitectureSplit.VAL).stream()
                .map(SampledNetwork::architecture)
                .toList();
        GhnTrainer trainer =
                new GhnTrainer(run, data.draws(), data.images(Split.TRAIN), validation, data.images(Split.VAL));
        try (Progress line = lines.apply(run.config().training().steps())) {
            line.resumeAt(
                    (long) run.metrics().read().size() * run.config().training().stepsPerRound());
            RoundLoop.Outcome outcome = trainer.train(new Report(line), stop);
            if (!outcome.finished()) {
                throw new InterruptedJobException(
                        outcome.rounds() + " of " + run.config().training().rounds() + " rounds are kept", resume);
            }
            return new Result(run.folder(), outcome.rounds(), outcome.bestRound(), outcome.bestScore());
        }
    }

    /** Shows steps and rounds on the progress line. */
    private static final class Report implements RoundLoop.Listener {
        private final Progress line;
        private String accuracy = "";

        Report(Progress line) {
            this.line = line;
        }

        @Override
        public void stepDone(long steps, double loss) {
            line.update(steps, String.format(Locale.ROOT, "loss %.3f%s", loss, accuracy));
        }

        @Override
        public void roundDone(RoundLoop.Round round) {
            accuracy = String.format(
                    Locale.ROOT,
                    ", validation accuracy %.1f %%",
                    100 * round.validation().getOrDefault(GhnTrainer.ACCURACY, Double.NaN));
        }
    }
}
