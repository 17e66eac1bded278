package dev.weft.cli.zoo;

import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.options.CommandText;
import dev.weft.cli.options.ConfigOptions;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.report.Release;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.inr.InrFitter;
import dev.weft.datasets.inr.InrInit;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.datasets.inr.InrZoo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft zoo fit-inrs}. */
@Command(
        name = "fit-inrs",
        description = "Fit an implicit neural representation to every image and write them as a zoo.",
        footer = {
            "",
            "Settings for --config and --set, with the defaults of the recipe dws:",
            "  recipe: dws    widths: [32, 32]   steps: 1000   psnr: 40",
            "  init: random   views: 1           val: 0.1      test: 0.2 (0 with --test-*)",
            "  learningRate: 0.0005  firstShare: 1  rowsPerPart: 512",
            "",
            "Example:",
            "  weft zoo fit-inrs --out digits-zoo",
            "  weft zoo fit-inrs --out mnist-zoo --images train-images-idx3-ubyte.gz \\",
            "      --labels train-labels-idx1-ubyte.gz"
        })
final class ZooFitInrsCommand implements Callable<Integer> {

    /**
     * What the command reports.
     *
     * @param fitter that computed
     * @param networks in the zoo
     * @param fitted those that this run fitted
     * @param meanPsnr over {@code fitted}, in dB; missing if nothing was left to fit
     */
    record Report(
            Path zoo,
            String source,
            String architecture,
            String fitter,
            int networks,
            int fitted,
            @Nullable Double meanPsnr,
            double seconds) {}

    @Option(
            names = "--out",
            required = true,
            paramLabel = "ZOO",
            description = "The directory of the zoo, new or empty.")
    private Path out;

    @Option(names = "--resume", description = "Go on with a zoo that was begun with the same settings.")
    private boolean resume;

    @ArgGroup(exclusive = false, heading = "Images (default: the 1,797 built-in digits of 8 x 8 pixels):%n")
    private ImageOptions images = new ImageOptions();

    @Option(names = "--recipe", paramLabel = "NAME", description = "dws or nfn: the published recipes.")
    private @Nullable String recipe;

    @Option(names = "--widths", paramLabel = "N", split = ",", description = "Widths of the hidden layers: 32,32.")
    private @Nullable List<Integer> widths;

    @Option(names = "--steps", paramLabel = "N", description = "The most updates of one network.")
    private @Nullable Integer steps;

    @Option(names = "--psnr", paramLabel = "DB", description = "Stop a network when it reaches this.")
    private @Nullable Double psnr;

    @Option(
            names = "--first-share",
            paramLabel = "X",
            description = "Let the first steps see this share of the pixels, which grows to all: less work, and"
                    + " a lower PSNR. 1 (default): full batches, as published.")
    private @Nullable Double firstShare;

    @Option(
            names = "--init",
            paramLabel = "START",
            description = "random (each network its own start), shared, or shuffled (shared, neurons permuted).")
    private @Nullable InrInit init;

    @Option(names = "--views", paramLabel = "N", description = "Networks for each image.")
    private @Nullable Integer views;

    @Mixin
    private final FitterOptions fitters = new FitterOptions();

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (ImageSource source = images.open()) {
            fit(settings(), source);
        }
        return ExitCode.OK;
    }

    private void fit(FitSettings settings, ImageSource source) throws IOException {
        InrFitter fitter = fitters.open();
        InrZoo job = new InrZoo(source, settings.toZooSettings(seed.get(), Map.of("weft", Release.version())), fitter);
        ZooHeader header = job.header();
        ZooWriter writer = resume ? ZooWriter.resume(out, header) : ZooWriter.create(out, header);
        long start = System.nanoTime();
        FitLog log = FitLog.start(out, CommandText.of(spec));
        InrZoo.Progress last = FitJob.run(job, writer, log, progress, InterruptedJobException.WITH_RESUME);
        Report report = new Report(
                out,
                source.name(),
                header.architecture().toString(),
                fitter.name(),
                header.rows(),
                last.fitted(),
                last.fitted() == 0 ? null : last.meanPsnr(),
                (System.nanoTime() - start) / 1e9);
        output.print(
                report,
                text -> text.printf(
                        Locale.ROOT,
                        "%,d networks (%s) in %s, by fitter %s%n",
                        report.networks,
                        report.architecture,
                        out,
                        report.fitter));
    }

    /** Binds twice: the recipe, which may come from the file, decides the defaults of the rest. */
    private FitSettings settings() throws IOException {
        boolean isTestGiven = images.hasTesting();
        String name = config.bind(FitSettings.of(InrRecipe.dws(), isTestGiven), flags())
                .recipe();
        return config.bind(FitSettings.of(InrRecipe.named(name), isTestGiven), flags());
    }

    private Map<String, Object> flags() {
        Map<String, Object> flags = new LinkedHashMap<>();
        put(flags, "recipe", recipe);
        put(flags, "widths", widths);
        put(flags, "steps", steps);
        put(flags, "psnr", psnr);
        put(flags, "firstShare", firstShare);
        put(flags, "init", init);
        put(flags, "views", views);
        return flags;
    }

    private static void put(Map<String, Object> flags, String key, @Nullable Object value) {
        if (value != null) {
            flags.put(key, value);
        }
    }
}
