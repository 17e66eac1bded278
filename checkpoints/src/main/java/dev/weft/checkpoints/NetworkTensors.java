package dev.weft.checkpoints;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.InrRecogniser;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A network's row under PyTorch's names and layouts, as float32, without a copy of it; beside running moments stands the
 * counter of batches that a state dict must have.
 */
public final class NetworkTensors implements TensorSource {

    /** The metadata key of the architecture's JSON. */
    public static final String ARCHITECTURE = "architecture";

    private static final String COUNTER = "num_batches_tracked";

    private final float[] row;
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<String, String> metadata;

    /** A tensor, and where its values begin in the row; counters have none there and are 0. */
    private record Entry(String name, Dtype dtype, List<Long> shape, int offset) implements NamedTensor {}

    /**
     * @param row [P], not copied
     * @param metadata free texts; the architecture's JSON, and w0 and offset where it has them, are added
     */
    public NetworkTensors(Architecture architecture, float[] row, Map<String, String> metadata) {
        if (row.length != architecture.parameterCount()) {
            throw new IllegalArgumentException(
                    architecture + " has " + architecture.parameterCount() + " parameters, got " + row.length);
        }
        this.row = row;
        this.metadata = new TreeMap<>(metadata);
        this.metadata.put(ARCHITECTURE, architecture.toJson());
        architecture.nodes().forEach(this::describe);
        for (ParameterTensor tensor : architecture.parameters()) {
            List<Long> shape = tensor.shape().stream().map(Integer::longValue).toList();
            add(new Entry(tensor.name(), Dtype.F32, shape, (int) tensor.offset()));
        }
    }

    private void describe(Architecture.Node node) {
        if (node.layer() instanceof Layer.Sine sine) {
            metadata.put(InrRecogniser.W0, String.valueOf(sine.w0()));
        } else if (node.layer() instanceof Layer.Offset offset) {
            metadata.put(InrRecogniser.OFFSET, String.valueOf(offset.value()));
        } else if (node.layer() instanceof Norm.BatchNorm norm && norm.running()) {
            add(new Entry(ParameterTensor.nameOf(node.name(), COUNTER), Dtype.I64, List.of(), 0));
        }
    }

    private void add(Entry entry) {
        entries.put(entry.name, entry);
    }

    @Override
    public String origin() {
        return "memory";
    }

    /** Returns the tensors, ordered by name. */
    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return Collections.unmodifiableMap(entries);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        Entry entry = entries.get(tensor(name).name());
        Objects.requireNonNull(entry); // tensor() refuses what is not there
        Objects.checkFromIndexSize(position, target.remaining(), entry.byteLength());
        if (entry.dtype == Dtype.I64) {
            target.put(new byte[target.remaining()]);
            return;
        }
        int values = target.remaining() / Float.BYTES;
        int first = entry.offset + (int) (position / Float.BYTES);
        target.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(row, first, values);
        target.position(target.limit());
    }
}
