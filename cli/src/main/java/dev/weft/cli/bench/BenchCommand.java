package dev.weft.cli.bench;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.DeviceOption;
import dev.weft.cli.options.NearestName;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft bench}. */
@Command(
        name = "bench",
        description = "Measure speed and memory, each beside a plain way of doing the same in the same run.",
        footer = {
            "",
            "Example:",
            "  weft bench --list",
            "  weft bench zoo.read --json",
            "  WEFT_JAVA_OPTS=-Xmx5g weft bench nino.llama-111m --nino-weights nino.pt"
        })
public final class BenchCommand implements Callable<Integer> {

    /** All benchmarks; the first one looks at the memory of a young process. */
    private static final List<Benchmark> ALL = List.of(
            new NgGnnTraining(),
            new ZooReading(),
            new InrFitting(),
            new NinoForecasting(),
            new NinoLlama(),
            new GhnPrediction(),
            new GhnTrainingStep());

    private final Workload workload;

    @Parameters(
            arity = "0..*",
            paramLabel = "NAME",
            completionCandidates = Names.class,
            description = "What to measure: ${COMPLETION-CANDIDATES} (default: everything but nino.llama-111m).")
    private final List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "Say what is measured, and measure nothing.")
    private boolean list;

    @Option(
            names = "--nino-weights",
            paramLabel = "FILE",
            description = "Released weights for nino.* (default: random ones of the same size, which cost the same).")
    private @Nullable Path ninoWeights;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec spec;

    /** What the command reports. */
    record Report(List<Benchmark.Row> benchmarks) {}

    /** What {@code --list} reports. */
    record Listing(List<Entry> benchmarks) {
        record Entry(String name, String description) {}
    }

    /** The names, for completion. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ALL.stream().map(Benchmark::name).iterator();
        }
    }

    /** The command as people use it. */
    public BenchCommand() {
        this(Workload.FULL);
    }

    BenchCommand(Workload workload) {
        this.workload = workload;
    }

    @Override
    public Integer call() throws IOException {
        List<Benchmark> chosen = chosen();
        if (list) {
            list(chosen);
            return ExitCode.OK;
        }
        List<Benchmark.Row> rows = rows(chosen);
        output.print(new Report(rows), text -> print(rows, text));
        return ExitCode.OK;
    }

    private List<Benchmark.Row> rows(List<Benchmark> chosen) throws IOException {
        List<Benchmark.Row> rows = new ArrayList<>();
        try (Interruption stop = Interruption.watch(Thread.currentThread()::interrupt)) { // a forecast takes minutes
            BenchContext context =
                    new BenchContext(workload, seed.get(), ninoWeights, device.get(), progress::start, stop);
            for (Benchmark benchmark : chosen) {
                rows.addAll(benchmark.run(context));
            }
            return rows;
        } catch (InterruptedJobException | CancellationException | ClosedByInterruptException e) {
            Thread.interrupted(); // taken note of
            throw BenchContext.interrupted();
        }
    }

    private List<Benchmark> chosen() {
        List<String> known = ALL.stream().map(Benchmark::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no benchmark '" + name + "'; did you mean '" + NearestName.of(name, known) + "'?");
            }
        }
        return ALL.stream()
                .filter(benchmark ->
                        names.isEmpty() ? list || !benchmark.onlyByName() : names.contains(benchmark.name()))
                .toList();
    }

    private void list(List<Benchmark> benchmarks) {
        List<Listing.Entry> entries = benchmarks.stream()
                .map(each -> new Listing.Entry(each.name(), each.description()))
                .toList();
        output.print(
                new Listing(entries),
                text -> entries.forEach(each -> text.println(each.name() + ": " + each.description())));
    }

    private static void print(List<Benchmark.Row> rows, PrintWriter text) {
        Table table = new Table("benchmark", "value", "unit", "baseline", "baseline value", "ratio");
        for (Benchmark.Row row : rows) {
            table.row(
                    row.name(),
                    decimal(row.value()),
                    row.unit(),
                    row.baseline(),
                    decimal(row.baselineValue()),
                    decimal(row.ratio()));
        }
        text.print(table);
    }

    /** Returns three digits or more. */
    private static String decimal(double value) {
        String format = "%,.0f";
        if (value < 1) {
            format = "%.3f";
        } else if (value < 100) {
            format = "%.2f";
        }
        return String.format(Locale.ROOT, format, value);
    }
}
