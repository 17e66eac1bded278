package dev.weft.cli.checkpoint;

import dev.weft.checkpoints.format.CastSource;
import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.ShardedFormat;
import dev.weft.checkpoints.format.ShardedWriter;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxWriter;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.TargetFile;
import dev.weft.cli.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft convert}. */
@Command(
        name = "convert",
        description = {
            "Write a checkpoint's tensors in another format; every byte of every tensor stays, unless --dtype is given.",
            "Values are streamed. What is written appears whole or not at all. The graph of an ONNX model",
            "stays if OUT is ONNX too; other tensors become an ONNX model without nodes, or go --into one."
        },
        footer = {
            "",
            "Example:",
            "  weft convert checkpoint.pt model.safetensors",
            "  weft convert model.safetensors model.pt --dtype bf16",
            "  weft convert pytorch_model.bin model.safetensors --max-shard-size 5GB",
            "  weft convert trained.safetensors new.onnx --into old.onnx"
        })
public final class ConvertCommand implements Callable<Integer> {

    private static final String SAFETENSORS = "safetensors";
    private static final String ONNX = "onnx";

    /**
     * What the command reports.
     *
     * @param format what was written
     * @param bytes of all tensors together, as written
     */
    record Report(Path out, String format, int tensors, long bytes) {}

    @Parameters(index = "0", paramLabel = "IN", description = "A checkpoint, as weft inspect takes it.")
    private Path in;

    @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
    private Path out;

    @Option(
            names = "--to",
            paramLabel = "FORMAT",
            description = "safetensors, sharded, pytorch or onnx (default: by OUT's extension).")
    private @Nullable String to;

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            description = "Round all floating tensors to f64, f32, f16 or bf16; other types stay as they are.")
    private @Nullable String dtype;

    @Option(
            names = "--max-shard-size",
            paramLabel = "SIZE",
            converter = ByteCount.class,
            description = "Write safetensors in shards of at most this size, for example 5GB, and their index.")
    private @Nullable Long maxShardSize;

    @Option(
            names = "--into",
            paramLabel = "MODEL",
            description = "An ONNX model whose graph the tensors are put into (default: IN, if it is one).")
    private @Nullable Path into;

    @Option(names = "--force", description = "Replace OUT if it exists.")
    private boolean force;

    @Mixin
    private final ProgressOption progress = new ProgressOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        TensorFormat format = format();
        try (TensorFile file = TensorFile.open(in)) {
            checkTarget(file, format);
            checkGraph(file, format);
            TensorSource source = dtype == null ? file : new CastSource(file, dtype(dtype));
            long total = source.tensors().values().stream()
                    .mapToLong(NamedTensor::byteLength)
                    .sum();
            Path written;
            try (Progress line = progress.start("Writing", total, "bytes")) {
                written = write(file, new MonitoredSource(source, line::update), format, total);
            }
            Report report = new Report(written, format.name(), source.tensors().size(), total);
            output.print(
                    report,
                    text -> text.printf(
                            Locale.ROOT,
                            "%,d tensor%s, %s, written to %s%n",
                            report.tensors,
                            report.tensors == 1 ? "" : "s",
                            ByteCount.text(report.bytes),
                            report.out));
        }
        return ExitCode.OK;
    }

    /** Returns what to write, by --to or by the name of OUT. */
    private TensorFormat format() {
        List<String> names = TensorFormat.all().stream().map(TensorFormat::name).toList();
        TensorFormat format = to == null
                ? TensorFormat.forName(out)
                        .orElseThrow(() -> refused(
                                "cannot tell the format from the name '" + out + "'; give --to with one of " + names))
                : TensorFormat.named(to.toLowerCase(Locale.ROOT))
                        .orElseThrow(() -> refused("--to: expected one of " + names + ", found '" + to + "'"));
        if (maxShardSize != null
                && !format.name().equals(SAFETENSORS)
                && !format.extensions().contains(ShardedWriter.INDEX)) {
            throw refused("--max-shard-size is for safetensors, not for " + format.name());
        }
        if (into != null && !format.name().equals(ONNX)) {
            throw refused("--into is for onnx, not for " + format.name());
        }
        return format;
    }

    private Dtype dtype(String name) {
        return Dtype.named(name.toUpperCase(Locale.ROOT))
                .filter(Dtype::isFloating)
                .orElseThrow(() -> refused("--dtype: expected f64, f32, f16 or bf16, found '" + name + "'"));
    }

    private ParameterException refused(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private void checkGraph(TensorFile file, TensorFormat format) {
        if (dtype != null && into == null && format.name().equals(ONNX) && file instanceof OnnxFile) {
            throw refused("--dtype would contradict the types in the graph of " + in);
        }
    }

    private void checkTarget(TensorFile file, TensorFormat format) throws IOException {
        if (Files.exists(out) && Files.isSameFile(out, file.file())) {
            throw refused("IN and OUT are the same file");
        }
        TargetFile.check(out, force);
        boolean named = !format.extensions().contains(ShardedWriter.INDEX)
                || String.valueOf(out.getFileName()).endsWith(ShardedWriter.INDEX);
        if (!named) {
            throw refused("the index of shards must be called NAME" + ShardedWriter.INDEX + ", found '" + out + "'");
        }
    }

    /** Returns the file that was written: OUT, or the index beside it if shards were asked for and needed. */
    private Path write(TensorFile file, TensorSource source, TensorFormat format, long total) throws IOException {
        if (format.name().equals(ONNX) && (into != null || file instanceof OnnxFile)) {
            writeOnnx(file, source);
        } else if (format.extensions().contains(ShardedWriter.INDEX)) {
            writeShards(source, out);
        } else if (maxShardSize != null && total > maxShardSize) {
            Path index = indexBeside();
            TargetFile.checkAbsent(index, force);
            writeShards(source, index);
            return index;
        } else {
            format.write(source, out);
        }
        return out;
    }

    private void writeShards(TensorSource source, Path index) throws IOException {
        long size = maxShardSize == null ? ShardedFormat.MAX_SHARD_BYTES_DEFAULT : maxShardSize;
        for (Path shard : ShardedWriter.files(source, index, size)) {
            TargetFile.checkAbsent(shard, force);
        }
        ShardedWriter.write(source, index, size);
    }

    private Path indexBeside() {
        String name = String.valueOf(out.getFileName());
        String stem = name.endsWith(".safetensors") ? name.substring(0, name.length() - ".safetensors".length()) : name;
        return out.resolveSibling(stem + ShardedWriter.INDEX);
    }

    private void writeOnnx(TensorFile file, TensorSource source) throws IOException {
        if (into == null) {
            OnnxWriter.write((OnnxFile) file, source, out);
            return;
        }
        try (OnnxFile model = OnnxFile.open(into)) {
            OnnxWriter.write(model, source, out);
        }
    }
}
