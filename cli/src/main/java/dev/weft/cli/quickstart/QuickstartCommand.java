package dev.weft.cli.quickstart;

import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.model.TrainingJob;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.report.Release;
import dev.weft.cli.report.Table;
import dev.weft.cli.zoo.FitJob;
import dev.weft.cli.zoo.FitLog;
import dev.weft.datasets.inr.InrFitter;
import dev.weft.datasets.inr.InrInit;
import dev.weft.datasets.inr.InrZoo;
import dev.weft.graph.ParameterGraph;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft quickstart}. */
@Command(
        name = "quickstart",
        description = {
            "The main job on the built-in data, in minutes: fit a network to every digit image, keep them as a zoo,",
            "and train metanets to tell which digit a network shows from its weights.",
            "What is done already is kept, so the same command goes on where it was stopped."
        },
        footer = {"", "Example:", "  weft quickstart --out quickstart"})
public final class QuickstartCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(QuickstartCommand.class);

    /** Networks a part: what a stopped quickstart fits again at most. */
    private static final int ROWS_PER_PART = 256;

    /** Loads a plan when it is needed and not before. */
    @FunctionalInterface
    interface PlanSource {
        QuickstartPlan load() throws IOException;
    }

    private static final String RESUME = "run the same command again";

    private final PlanSource source;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "quickstart",
            description = "Where to write zoo, runs and pictures (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    /** The quickstart on the built-in digits. */
    public QuickstartCommand() {
        this(QuickstartPlan::ofDigits);
    }

    QuickstartCommand(PlanSource source) {
        this.source = source;
    }

    /** One line of the table. */
    record Line(String model, int probes, double testAccuracy, long parameters, double secondsPerEpoch) {}

    /** What {@code --json} prints. */
    record Report(List<Line> results, Path zoo, Path pictures, List<String> files) {}

    @Override
    public Integer call() throws IOException {
        QuickstartPlan plan = source.load();
        Path zooFolder = out.resolve("zoo");
        fit(plan, zooFolder);
        try (Zoo zoo = Zoo.open(zooFolder)) {
            describe(zoo);
            Report report = report(plan, zoo, zooFolder);
            output.print(report, text -> print(report, text));
        }
        return ExitCode.OK;
    }

    private void fit(QuickstartPlan plan, Path zooFolder) throws IOException {
        InrZoo.Settings settings = new InrZoo.Settings(
                plan.recipe(),
                InrInit.SHUFFLED,
                1,
                InrZoo.Settings.VAL_DEFAULT,
                InrZoo.Settings.TEST_DEFAULT,
                ROWS_PER_PART,
                seed.get(),
                Map.of("weft", Release.version()));
        InrZoo job = new InrZoo(plan.images(), settings, InrFitter.standard());
        ZooHeader header = job.header();
        LOG.info(
                "1/3 Fitting a network ({}) to each of {} images",
                header.architecture(),
                plan.images().size());
        FitLog log = FitLog.start(zooFolder, command());
        FitJob.run(job, ZooWriter.resume(zooFolder, header), log, progress, RESUME);
    }

    private static void describe(Zoo zoo) {
        ParameterGraph graph = ParameterGraph.of(zoo.header().architecture());
        LOG.info(
                "2/3 Each network is a parameter graph: {} neurons in {} blocks, {} weights between them",
                graph.neuronCount(),
                graph.graph().vertexSet().size(),
                graph.edgeCount());
    }

    private Report report(QuickstartPlan plan, Zoo zoo, Path zooFolder) throws IOException {
        QuickstartPictures pictures = new QuickstartPictures(out.resolve("pictures"), plan);
        pictures.parameterGraph(zoo);
        pictures.reconstructions(zoo);
        List<RunDirectory> runs = new ArrayList<>();
        List<TrainingJob.Result> results = new ArrayList<>();
        LOG.info(
                "3/3 Training {} metanets: which digit does a network show?",
                plan.entries().size());
        try (Interruption stop = Interruption.watch()) {
            for (QuickstartPlan.Entry entry : plan.entries()) {
                RunDirectory run = run(entry, zoo, zooFolder);
                runs.add(run);
                results.add(new TrainingJob(zoo, zooFolder, RESUME)
                        .train(run, total -> progress.start("Training " + label(entry), total, "networks"), stop));
            }
        }
        List<String> labels =
                plan.entries().stream().map(QuickstartCommand::label).toList();
        int last = results.size() - 1; // the metanet that knows most
        pictures.confusion(labels.get(last), results.get(last).test());
        pictures.curves(runs, labels);
        pictures.accuracies(
                labels, results.stream().map(result -> result.test().accuracy()).toList());
        return new Report(lines(plan, results), zooFolder, out.resolve("pictures"), pictures.written());
    }

    private static List<Line> lines(QuickstartPlan plan, List<TrainingJob.Result> results) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            TrainingJob.Result result = results.get(i);
            lines.add(new Line(
                    result.model(),
                    plan.entries().get(i).probes(),
                    result.test().accuracy(),
                    result.test().parameters(),
                    result.secondsPerEpoch()));
        }
        return lines;
    }

    private static String label(QuickstartPlan.Entry entry) {
        return entry.probes() == 0 ? entry.label() : entry.label() + ", " + entry.probes() + " probes";
    }

    private RunDirectory run(QuickstartPlan.Entry entry, Zoo zoo, Path zooFolder) throws IOException {
        Path folder = out.resolve("runs").resolve(entry.folder());
        if (Files.exists(folder.resolve(RunDirectory.CONFIG))) {
            return RunDirectory.open(folder);
        }
        return new TrainingJob(zoo, zooFolder, RESUME)
                .create(folder, entry.model(), entry.training(), entry.augmentation(), seed.get(), command());
    }

    private String command() {
        return "weft quickstart --seed " + seed.get().value();
    }

    private void print(Report report, PrintWriter text) {
        Table table = new Table("model", "probes", "test accuracy", "parameters", "s/epoch");
        for (Line line : report.results) {
            table.row(
                    line.model,
                    line.probes,
                    String.format(Locale.ROOT, "%.1f %%", 100 * line.testAccuracy),
                    String.format(Locale.ROOT, "%,d", line.parameters),
                    String.format(Locale.ROOT, "%.2f", line.secondsPerEpoch));
        }
        text.println("Which digit does this network show? Answers from its weights, on networks never seen:");
        text.println();
        text.print(table);
        text.println();
        text.printf("Zoo:      %s%n", report.zoo);
        text.printf("Runs:     %s%n", out.resolve("runs"));
        text.printf("Pictures: %s (%s)%n", report.pictures, String.join(", ", report.files));
        text.println();
        text.println("Try next:");
        text.printf("  weft zoo info %s%n", report.zoo);
        text.printf("  weft graph show %s --format svg --out graph.svg%n", report.zoo);
        text.printf("  weft zoo export %s --help%n", report.zoo);
        text.printf("  weft predict %s FILE.safetensors%n", out.resolve("runs").resolve("ng-gnn-64"));
        text.printf("  weft train %s --model ng-gnn --probes 16 --out my-run%n", report.zoo);
    }
}
