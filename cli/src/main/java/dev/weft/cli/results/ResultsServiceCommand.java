package dev.weft.cli.results;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.load.LoadExperiment;
import dev.weft.cli.load.LoadLog;
import dev.weft.cli.load.LoadModels;
import dev.weft.cli.load.LoadPhase;
import dev.weft.cli.load.LoadSettings;
import dev.weft.cli.load.Overload;
import dev.weft.cli.load.Workload;
import dev.weft.cli.options.CommandText;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.report.Release;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weft results service}. */
@Command(
        name = "service",
        description = {
            "Start weft serve as a second process, send it requests over loopback, first from clients that ask again and"
                    + " again, then twice as many as it can do, and write throughput, latencies, statuses and memory as a"
                    + " page.",
            "Untrained models are made for it: they answer as fast as others. The exit code is 1 if a request was answered by"
                    + " anything but 200, 429 and 503, or not at all."
        },
        footer = {
            "",
            "What is measured is kept in DIR, so that --page-only writes the page of an interrupted measurement.",
            "",
            "Example:",
            "  weft results service --runs load --nino-weights nino.pt",
            "  weft results service --runs short --seconds 5 --rounds 1 --overload-minutes 0.5 --out short.md",
            "  weft results service --runs load --run quickstart/runs/ng-gnn-64 --run quickstart/runs/probegen"
        })
final class ResultsServiceCommand implements Callable<Integer> {

    private static final String MODELS = "models";
    private static final double SECONDS_PER_MINUTE = 60;

    @Option(
            names = "--runs",
            paramLabel = "DIR",
            required = true,
            description = "Where models and logs are kept; a folder of models from before must not be there.")
    private Path runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "docs/results/service.md",
            description = "The page; its pictures lie beside it (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description =
                    "A run whose metanet is asked, instead of untrained ones as in the quickstart; may be given again. The"
                            + " first one is also overloaded.")
    private List<Path> given = List.of();

    @Option(
            names = "--nino-weights",
            paramLabel = "FILE",
            description = "Weights of NiNo or WNN+, .pt or safetensors, that are asked for forecasts (default: none).")
    private @Nullable Path nowcaster;

    @Option(
            names = "--seconds",
            paramLabel = "X",
            defaultValue = "20",
            description = "How long each number of clients asks (default: ${DEFAULT-VALUE}).")
    private double seconds;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often everything but the overload is measured (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--overload-minutes",
            paramLabel = "X",
            defaultValue = "10",
            description = "How long twice the capacity is asked for, 0 for not (default: ${DEFAULT-VALUE}).")
    private double overloadMinutes;

    @Option(
            names = "--heap",
            paramLabel = "MIB",
            defaultValue = "1024",
            description = "The service's heap (default: ${DEFAULT-VALUE}).")
    private int heap;

    @Option(names = "--page-only", description = "Measure nothing; write the page of what there is so far.")
    private boolean pageOnly;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec;

    /** What {@code --json} prints. */
    record Report(
            Path page, List<LoadPhase> phases, @Nullable Overload overload) {}

    @Override
    public Integer call() throws IOException {
        boolean interrupted = !pageOnly && measure();
        LoadLog log = LoadLog.open(runs);
        ServiceFacts facts = ServiceFacts.of(log);
        PageFiles files = new PageFiles(out);
        new ServicePictures(facts).write(files);
        files.text(new ServicePage(facts, files.pictures()).text());
        if (interrupted) {
            throw new InterruptedJobException(
                    facts.phases().size() + " measurements are on the page " + out, "begin anew with another --runs");
        }
        output.print(new Report(out, facts.phases(), facts.overload().orElse(null)), text -> print(facts, text));
        return facts.unexpected().isEmpty() ? ExitCode.OK : ExitCode.INTERNAL;
    }

    /** Measures and returns whether it was interrupted. */
    private boolean measure() throws IOException {
        LoadSettings settings = new LoadSettings(
                seconds,
                rounds,
                SECONDS_PER_MINUTE * overloadMinutes,
                heap,
                seed.get().value());
        Path models = runs.resolve(MODELS);
        if (Files.exists(models)) {
            throw new FileAlreadyExistsException(models.toString(), null, "was made before; give another --runs");
        }
        Files.createDirectories(models);
        List<Workload> workloads =
                LoadModels.write(models, given, nowcaster, seed.get().split("models"));
        LoadLog log = LoadLog.begin(runs, setup(settings, workloads));
        try (Interruption stop = Interruption.watch()) {
            new LoadExperiment(runs, settings, workloads, progress, stop).measure(log);
            return stop.getAsBoolean();
        }
    }

    private LoadLog.Setup setup(LoadSettings settings, List<Workload> workloads) {
        return new LoadLog.Setup(
                CommandText.of(spec),
                Release.version(),
                System.getProperty("java.version"),
                String.join(
                        " ",
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                settings,
                described(workloads));
    }

    private List<LoadLog.Described> described(List<Workload> workloads) {
        Stream<LoadLog.Described> leftOut = nowcaster == null
                ? Stream.of(new LoadLog.Described(LoadModels.NOWCAST, "left out for want of --nino-weights"))
                : Stream.empty();
        return Stream.concat(workloads.stream().map(each -> new LoadLog.Described(each.name(), each.detail())), leftOut)
                .toList();
    }

    private void print(ServiceFacts facts, PrintWriter text) {
        text.print(ServiceTable.text(facts));
        text.println();
        ServiceVerdicts.of(facts).forEach(text::println);
        text.printf("Page: %s%n", out);
    }
}
