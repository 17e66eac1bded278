package dev.weft.cli.results;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.Zoo;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.model.TrainSettings;
import dev.weft.cli.model.TrainingJob;
import dev.weft.cli.options.CommandText;
import dev.weft.cli.options.ConfigOptions;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Durations;
import dev.weft.cli.report.Table;
import dev.weft.datasets.augment.AugmentationConfig;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft results inr-classification}. */
@Command(
        name = "inr-classification",
        description = {
            "Train a table of metanets on a zoo of implicit networks, several seeds each, and write a page with what they",
            "reach, what they were given and how to do it again. Runs that are finished are kept, interrupted ones go on,",
            "so the same command goes on where it was stopped, and makes the same page again when nothing is left to do."
        },
        footer = {
            "",
            "Settings for --config and --set are those of weft train for each metanet, below mlp, statnn, probegen, ngGnn0",
            "and ngGnn64: --set ngGnn64.training.learningRate=1e-3",
            "",
            "Example:",
            "  weft results inr-classification fashion-zoo --runs fashion-runs --out docs/results/inr-classification.md"
        })
final class ResultsInrClassificationCommand implements Callable<Integer> {

    private static final String RESUME = "run the same command again";

    @Parameters(paramLabel = "ZOO", description = "The zoo's directory; it needs all three splits.")
    private Path zooFolder;

    @Option(
            names = "--runs",
            paramLabel = "DIR",
            required = true,
            description = "Where the runs are, one directory for each metanet and seed.")
    private Path runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "docs/results/inr-classification.md",
            description = "The page; its pictures lie beside it (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--seeds",
            paramLabel = "NUMBER",
            split = ",",
            defaultValue = "0,1,2",
            description = "One run of each metanet for each of these (default: ${DEFAULT-VALUE}).")
    private List<Long> seeds;

    @Option(
            names = "--models",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "mlp,statnn,probegen,ng-gnn-0,ng-gnn-64",
            description = "The metanets of the table (default: ${DEFAULT-VALUE}).")
    private List<String> models;

    @Option(
            names = "--epochs",
            paramLabel = "NAME=N",
            split = ",",
            description = "Passes over the training networks for one of the metanets: --epochs ng-gnn-64=8,mlp=20.")
    private @Nullable Map<String, Integer> epochs;

    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec;

    /**
     * One metanet in what {@code --json} prints.
     *
     * @param testDeviation over the seeds; missing for a single seed
     * @param secondsPerEpoch median over the epochs of all seeds
     * @param seconds of all epochs of all seeds
     */
    record Line(
            String model,
            int seeds,
            double testAccuracy,
            @Nullable Double testDeviation,
            double validationAccuracy,
            @Nullable Double validationDeviation,
            long parameters,
            int epochs,
            double secondsPerEpoch,
            double seconds,
            List<String> runs) {}

    /** What {@code --json} prints. */
    record Report(List<Line> results, Path zoo, Path page, List<String> pictures) {}

    @Override
    public Integer call() throws IOException {
        List<ResultsSettings.Entry> entries =
                config.bind(ResultsSettings.defaults(), flags()).entries(models);
        try (Zoo zoo = Zoo.open(zooFolder)) {
            ZooFacts facts = ZooFacts.of(zoo, zooFolder);
            List<ModelResult> results = train(zoo, entries);
            List<String> pictures = write(facts, results);
            Report report = new Report(
                    results.stream().map(ResultsInrClassificationCommand::line).toList(), zooFolder, out, pictures);
            output.print(report, text -> print(results, report, text));
        }
        return ExitCode.OK;
    }

    private Map<String, Object> flags() {
        Map<String, Object> flags = new LinkedHashMap<>();
        if (epochs != null) {
            epochs.forEach((model, count) -> flags.put(ResultsSettings.epochsKey(model), count));
        }
        return flags;
    }

    /** Trains seed by seed, so that a whole table for one seed is there first. */
    private List<ModelResult> train(Zoo zoo, List<ResultsSettings.Entry> entries) throws IOException {
        Map<ResultsSettings.Entry, List<ModelResult.SeedRun>> trained = new LinkedHashMap<>();
        entries.forEach(entry -> trained.put(entry, new ArrayList<>()));
        TrainingJob job = new TrainingJob(zoo, zooFolder, RESUME);
        List<Long> distinct = seeds.stream().distinct().toList();
        int total = distinct.size() * entries.size();
        int number = 0;
        try (Interruption stop = Interruption.watch()) {
            for (long seed : distinct) {
                for (Map.Entry<ResultsSettings.Entry, List<ModelResult.SeedRun>> each : trained.entrySet()) {
                    String label = String.format(
                            Locale.ROOT,
                            "%d/%d %s, seed %d",
                            ++number,
                            total,
                            each.getKey().label(),
                            seed);
                    each.getValue().add(train(job, each.getKey(), seed, label, stop));
                }
            }
        }
        return trained.entrySet().stream()
                .map(each -> new ModelResult(each.getKey().name(), each.getKey().label(), each.getValue()))
                .toList();
    }

    private ModelResult.SeedRun train(
            TrainingJob job, ResultsSettings.Entry entry, long seed, String label, Interruption stop)
            throws IOException {
        RunDirectory run = open(job, entry, seed);
        TrainingJob.Result result = job.train(run, rows -> progress.start(label, rows, "networks"), stop);
        return new ModelResult.SeedRun(
                run.config(), result, column(run.metrics(), "seconds"), column(run.metrics(), "val_accuracy"));
    }

    private static double[] column(List<JsonNode> epochs, String key) {
        return epochs.stream().mapToDouble(epoch -> epoch.path(key).asDouble()).toArray();
    }

    private RunDirectory open(TrainingJob job, ResultsSettings.Entry entry, long seed) throws IOException {
        Path folder = runs.resolve(entry.name() + "-seed-" + seed);
        if (Files.exists(folder.resolve(RunDirectory.CONFIG))) {
            RunDirectory run = RunDirectory.open(folder);
            requireSame(run, entry.settings(), seed);
            return run;
        }
        TrainSettings settings = entry.settings();
        return job.create(
                folder,
                settings.model(),
                settings.training(),
                settings.augmentation(),
                new Seed(seed),
                CommandText.of(spec));
    }

    private static void requireSame(RunDirectory run, TrainSettings settings, long seed) throws IOException {
        RunConfig found = run.config();
        requireSame(run, "model", settings.model(), found.model());
        requireSame(run, "training", settings.training(), found.training());
        requireSame(run, "augmentation", settings.augmentation(), run.augmentation(AugmentationConfig.class));
        requireSame(run, "seed", seed, found.provenance().seed());
    }

    private static void requireSame(RunDirectory run, String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new IllegalArgumentException(run.folder() + " was begun with other settings: expected " + what + " "
                    + expected + ", found " + found + "; give the same settings or another directory for --runs");
        }
    }

    private List<String> write(ZooFacts facts, List<ModelResult> results) throws IOException {
        PageFiles files = new PageFiles(out);
        new ResultsPictures(results).write(files);
        files.text(new ResultsPage(facts, results, files.pictures()).text());
        return files.pictures();
    }

    private static Line line(ModelResult model) {
        return new Line(
                model.name(),
                model.runs().size(),
                model.test().mean(),
                number(model.test().deviation()),
                model.validation().mean(),
                number(model.validation().deviation()),
                model.parameters(),
                model.config().training().epochs(),
                model.secondsPerEpoch(),
                model.totalSeconds(),
                model.runs().stream().map(run -> run.result().run()).toList());
    }

    private static @Nullable Double number(double value) {
        return Double.isNaN(value) ? null : value;
    }

    private static void print(List<ModelResult> results, Report report, PrintWriter text) {
        Table table = new Table("model", "test accuracy", "validation accuracy", "s/epoch", "training");
        for (ModelResult model : results) {
            table.row(
                    model.label(),
                    model.test().text(),
                    model.validation().text(),
                    String.format(Locale.ROOT, "%.2f", model.secondsPerEpoch()),
                    Durations.text(model.totalSeconds()));
        }
        text.print(table);
        text.println();
        text.printf("Page: %s%s%n", report.page, report.pictures.isEmpty() ? "" : " with " + report.pictures);
    }
}
