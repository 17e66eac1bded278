package dev.weft.checkpoints.format.onnx;

import dev.weft.checkpoints.format.ChannelReader;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Span;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Values;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An ONNX model: its tensors are the initializers of the main graph and, under the names of their outputs, the tensors of
 * its Constant nodes. {@link #model()} has the rest.
 */
public final class OnnxFile implements TensorFile {

    static final String FORMAT = "onnx";

    private static final String CONSTANT = "Constant";

    private final Path file;
    private final FileChannel channel;
    private final ModelParser.Parsed parsed;
    private final Map<String, OnnxTensor> tensors;
    private @Nullable VarintCursor cursor;

    private OnnxFile(Path file, FileChannel channel, ModelParser.Parsed parsed) {
        this.file = file;
        this.channel = channel;
        this.parsed = parsed;
        this.tensors = new LinkedHashMap<>(parsed.model().graph().initializers());
        for (OnnxNode node : parsed.model().graph().nodes()) {
            if (isConstant(node) && node.attributes().get("value") instanceof OnnxAttribute.Tensor constant) {
                OnnxTensor value = constant.value();
                String name = node.outputs().get(0);
                tensors.putIfAbsent(
                        name, new OnnxTensor(name, value.dtype(), value.shape(), value.message(), value.values()));
            }
        }
    }

    private static boolean isConstant(OnnxNode node) {
        return node.operator().equals(CONSTANT)
                && node.domain().isEmpty()
                && node.outputs().size() == 1;
    }

    /** Opens and checks a file; external data must be where it says. */
    public static OnnxFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new OnnxFile(file, channel, ModelParser.parse(file, channel));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    /** Returns the graph and what is said about it. */
    public OnnxModel model() {
        return parsed.model();
    }

    /** Returns where the graph's field lies, its tag included. */
    Span graphField() {
        return parsed.graphField();
    }

    FileChannel channel() {
        return channel;
    }

    /** Returns initializers in the file's order, then constants in that of the nodes. */
    @Override
    public Map<String, OnnxTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Returns the model's free texts. */
    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(parsed.model().metadata());
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        read((OnnxTensor) tensor(name), position, target);
    }

    /**
     * Reads any tensor of this file, those of attributes and inner graphs included; see {@link #read(String, long,
     * ByteBuffer)}.
     */
    public void read(OnnxTensor tensor, long position, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(position, target.remaining(), tensor.byteLength());
        if (tensor.values() instanceof Values.Plain plain) {
            ChannelReader.read(file, channel, plain.span().start() + position, target);
        } else if (tensor.values() instanceof Values.Varints varints) {
            cursor(tensor, varints.span()).read(position, target);
        } else if (tensor.values() instanceof Values.External external) {
            try (FileChannel data = FileChannel.open(external.file(), StandardOpenOption.READ)) {
                ChannelReader.read(external.file(), data, external.span().start() + position, target);
            }
        }
    }

    private VarintCursor cursor(OnnxTensor tensor, Span span) {
        VarintCursor last = cursor;
        if (last == null || !last.isFor(tensor)) {
            last = new VarintCursor(file, channel, tensor, span);
            cursor = last;
        }
        return last;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
