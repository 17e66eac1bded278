package dev.weft.cli.zoo;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.report.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft zoo info}. */
@Command(
        name = "info",
        description = "Show what is in a zoo: architectures, splits, classes, metrics, provenance.",
        footer = {"", "Example:", "  weft zoo info digits-zoo"})
final class ZooInfoCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ZOO", description = "The zoo's directory.")
    private Path zoo;

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        ZooSummary summary = ZooSummary.of(zoo);
        output.print(summary, text -> print(summary, text));
        return ExitCode.OK;
    }

    private static void print(ZooSummary summary, PrintWriter text) {
        text.printf(
                Locale.ROOT,
                "%s: %,d networks in %,d of %,d parts, %.1f MB, %s%n",
                summary.name(),
                summary.rows(),
                summary.partsWritten(),
                summary.parts(),
                summary.bytes() / 1e6,
                summary.state());
        Table architectures = new Table("architecture", "networks", "parameters", "fingerprint");
        for (ZooSummary.Member member : summary.architectures()) {
            architectures.row(
                    member.architecture(),
                    member.rows(),
                    member.parameters(),
                    member.fingerprint().substring(0, 12));
        }
        text.print("\n" + architectures);
        if (summary.trajectories() != null) {
            print(summary.trajectories(), text);
        }
        print(summary.classes(), text);
        print(summary.metrics(), text);
        if (!summary.provenance().isEmpty()) {
            Table provenance = new Table("provenance", "");
            summary.provenance().forEach((key, value) -> provenance.row(key, value.replaceAll("\\p{Cntrl}+", " ")));
            text.print("\n" + provenance);
        }
    }

    private static void print(ZooSummary.Trajectories trajectories, PrintWriter text) {
        String rows = trajectories.leastRows() == trajectories.mostRows()
                ? String.valueOf(trajectories.mostRows())
                : trajectories.leastRows() + " to " + trajectories.mostRows();
        text.printf(
                Locale.ROOT,
                "%n%,d runs (%,d train, %,d val, %,d test) of %s networks each, steps %,d to %,d%n",
                trajectories.runs(),
                trajectories.train(),
                trajectories.val(),
                trajectories.test(),
                rows,
                trajectories.firstStep(),
                trajectories.lastStep());
    }

    private static void print(List<ZooSummary.ClassCount> classes, PrintWriter text) {
        if (classes.isEmpty()) {
            return;
        }
        Table table = new Table("class", "train", "val", "test");
        long train = 0;
        long val = 0;
        long test = 0;
        for (ZooSummary.ClassCount each : classes) {
            table.row(each.name(), each.train(), each.val(), each.test());
            train += each.train();
            val += each.val();
            test += each.test();
        }
        text.print("\n" + table.row("all", train, val, test));
    }

    private static void print(Map<String, ZooSummary.MetricRange> metrics, PrintWriter text) {
        if (metrics.isEmpty()) {
            return;
        }
        Table table = new Table("metric", "least", "mean", "greatest");
        metrics.forEach((name, range) ->
                table.row(name, decimal(range.least()), decimal(range.mean()), decimal(range.greatest())));
        text.print("\n" + table);
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }
}
