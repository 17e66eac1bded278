package dev.weft.cli.zoo;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.options.TargetFile;
import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Table;
import dev.weft.datasets.architecture.ArchitectureFile;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.CellSpace;
import dev.weft.datasets.architecture.NetworkSampling;
import dev.weft.datasets.architecture.SampledNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft zoo architectures}. */
@Command(
        name = "architectures",
        description = {
            "Draw architectures as DeepNets-1M does and write them as an Arrow file, to train a graph hypernetwork on.",
            "No two of them have the same graph. Space deepnets is the published one for images of 32 x 32; micro is small"
                    + " enough for two cores."
        },
        footer = {
            "",
            "Example:",
            "  weft zoo architectures --out micro.arrow",
            "  weft zoo architectures --space deepnets --train 10000 --out deepnets.arrow"
        })
final class ZooArchitecturesCommand implements Callable<Integer> {

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "The Arrow file to write.")
    private Path out;

    @Option(
            names = "--space",
            defaultValue = "micro",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private CellSpace space;

    @Option(
            names = "--train",
            paramLabel = "N",
            defaultValue = "300",
            description = "Networks to train on (default: ${DEFAULT-VALUE}).")
    private int train;

    @Option(
            names = "--val",
            paramLabel = "N",
            defaultValue = "50",
            description = "Networks to choose by (default: ${DEFAULT-VALUE}).")
    private int val;

    @Option(
            names = "--test",
            paramLabel = "N",
            defaultValue = "100",
            description = "Networks to judge by (default: ${DEFAULT-VALUE}).")
    private int test;

    @Option(
            names = "--other",
            paramLabel = "N",
            defaultValue = "25",
            description = "Networks of each of the splits wide, deep, dense and bnfree (default: ${DEFAULT-VALUE}).")
    private int other;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    /** What the command reports. */
    record Report(Path file, String space, long seed, List<Line> splits) {

        /** One split, with means over its networks. */
        record Line(String split, int networks, double nodes, double parameters) {

            static Line of(ArchitectureSplit split, List<SampledNetwork> networks) {
                return new Line(
                        split.text(),
                        networks.size(),
                        networks.stream()
                                .mapToInt(SampledNetwork::nodes)
                                .average()
                                .orElse(0),
                        networks.stream()
                                .mapToLong(SampledNetwork::parameters)
                                .average()
                                .orElse(0));
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        TargetFile.check(out, force);
        Map<ArchitectureSplit, Integer> counts = counts();
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        ArchitectureFile file;
        try (Progress line = progress.start("Drawing", total, "networks")) {
            List<SampledNetwork> drawn =
                    new NetworkSampling(space, seed.get().split("architectures")).draw(counts, line::update);
            file = new ArchitectureFile(space.text(), seed.get().value(), drawn);
        }
        file.write(out);
        report(file);
        return ExitCode.OK;
    }

    private Map<ArchitectureSplit, Integer> counts() {
        Map<ArchitectureSplit, Integer> counts = new EnumMap<>(ArchitectureSplit.class);
        for (ArchitectureSplit split : ArchitectureSplit.values()) {
            int count = switch (split) {
                case TRAIN -> train;
                case VAL -> val;
                case TEST -> test;
                default -> other;
            };
            if (count < 0) {
                throw new IllegalArgumentException(split.text() + ": expected at least 0 networks, got " + count);
            }
            counts.put(split, count);
        }
        return counts;
    }

    private void report(ArchitectureFile file) {
        List<Report.Line> lines = new ArrayList<>();
        for (ArchitectureSplit split : ArchitectureSplit.values()) {
            lines.add(Report.Line.of(split, file.of(split)));
        }
        Report report = new Report(out, file.space(), file.seed(), lines);
        Table table = new Table("split", "networks", "nodes", "parameters");
        lines.forEach(
                line -> table.row(line.split, line.networks, Math.round(line.nodes), Math.round(line.parameters)));
        output.print(report, text -> text.print(table));
    }
}
