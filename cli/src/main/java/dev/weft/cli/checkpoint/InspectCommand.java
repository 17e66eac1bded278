package dev.weft.cli.checkpoint;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorStatistics;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.RecognitionOptions;
import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Table;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft inspect}. */
@Command(
        name = "inspect",
        description = {
            "Show what is in a checkpoint: the network and its symmetries, its tensors with types and shapes, its metadata.",
            "Reads safetensors (sharded too), PyTorch's zip files and ONNX; the format is told by the content. The network is"
                    + " read from an ONNX graph, elsewhere recognised by names, shapes and a config.json beside the file.",
            "Nothing in the file is run, and no values are read without --stats (but a few that tell whether two tensors are"
                    + " tied)."
        },
        footer = {
            "",
            "Example:",
            "  weft inspect model.safetensors",
            "  weft inspect checkpoint.pt --stats",
            "  weft inspect net.pt --activation tanh --write-arch net.json"
        })
public final class InspectCommand implements Callable<Integer> {

    private static final int METADATA_WIDTH = 80;

    @Parameters(paramLabel = "FILE", description = "A file, a shard index, or a folder with one of the usual names.")
    private Path file;

    @Option(names = "--stats", description = "Read all values; show mean, deviation, range, zeros and NaN per tensor.")
    private boolean stats;

    @Option(
            names = "--write-arch",
            paramLabel = "FILE.json",
            description = "Write the network's architecture, to be read, edited and given with --arch.")
    private @Nullable Path writeArchitecture;

    @Mixin
    private final RecognitionOptions recognition = new RecognitionOptions();

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        CheckpointSummary summary;
        try (TensorFile open = TensorFile.open(file)) {
            CheckpointSummary tensors = stats ? withStatistics(open) : CheckpointSummary.of(open, false, bytes -> {});
            summary = withNetwork(open, tensors);
        }
        output.print(summary, text -> print(summary, text));
        return ExitCode.OK;
    }

    /** A file that nobody recognises can be looked at, unless the user counts on the network. */
    private CheckpointSummary withNetwork(TensorFile open, CheckpointSummary summary) throws IOException {
        NetworkSummary network;
        try {
            network = network(open);
        } catch (FormatException e) {
            if (recognition.given() || writeArchitecture != null) {
                throw e;
            }
            return summary.with(null, e.getMessage());
        }
        return summary.with(network, null);
    }

    private NetworkSummary network(TensorFile open) throws IOException {
        FoundNetwork found = FoundNetwork.in(open, recognition.hints());
        write(found.architecture());
        return found.summary();
    }

    private void write(Architecture architecture) throws IOException {
        if (writeArchitecture != null) {
            if (Files.exists(writeArchitecture) && Files.isSameFile(writeArchitecture, file)) {
                throw new IllegalArgumentException("--write-arch: " + writeArchitecture + " is the checkpoint itself");
            }
            Files.writeString(writeArchitecture, ArchitectureText.of(architecture));
        }
    }

    private CheckpointSummary withStatistics(TensorFile open) throws IOException {
        long total = open.tensors().values().stream()
                .mapToLong(NamedTensor::byteLength)
                .sum();
        try (Progress line = progress.start("Reading", total, "bytes")) {
            return CheckpointSummary.of(open, true, line::update);
        }
    }

    private void print(CheckpointSummary summary, PrintWriter text) {
        text.printf(
                Locale.ROOT,
                "%s: %s, %,d tensor%s, %,d parameters, %s%n",
                summary.file(),
                summary.format(),
                summary.tensors().size(),
                summary.tensors().size() == 1 ? "" : "s",
                summary.parameters(),
                ByteCount.text(summary.bytes()));
        NetworkSummary network = summary.network();
        text.print("\n"
                + (network == null
                        ? "network: not recognised: " + summary.unrecognised() + "\n"
                        : NetworkText.of(network)));
        text.print("\n" + (stats ? statistics(summary) : tensors(summary)));
        if (!summary.metadata().isEmpty()) {
            Table table = new Table("metadata", "");
            summary.metadata().forEach((key, value) -> table.row(key, shortened(value)));
            text.print("\n" + table);
        }
    }

    private static Table tensors(CheckpointSummary summary) {
        Table table = new Table("tensor", "dtype", "shape", "bytes");
        for (CheckpointSummary.Tensor tensor : summary.tensors()) {
            table.row(tensor.name(), tensor.dtype(), tensor.shape(), String.format(Locale.ROOT, "%,d", tensor.bytes()));
        }
        return table;
    }

    private static Table statistics(CheckpointSummary summary) {
        Table table = new Table("tensor", "dtype", "shape", "mean", "std", "min", "max", "zeros", "nan", "inf");
        for (CheckpointSummary.Tensor tensor : summary.tensors()) {
            @Nullable TensorStatistics of = tensor.statistics();
            if (of == null) {
                table.row(tensor.name(), tensor.dtype(), tensor.shape(), "-", "-", "-", "-", "-", "-", "-");
            } else {
                table.row(
                        tensor.name(),
                        tensor.dtype(),
                        tensor.shape(),
                        decimal(of.mean()),
                        decimal(of.deviation()),
                        decimal(of.least()),
                        decimal(of.greatest()),
                        of.zeros(),
                        of.nans(),
                        of.infinities());
            }
        }
        return table;
    }

    private static String decimal(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String shortened(String value) {
        String line = value.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= METADATA_WIDTH ? line : line.substring(0, METADATA_WIDTH - 3) + "...";
    }
}
