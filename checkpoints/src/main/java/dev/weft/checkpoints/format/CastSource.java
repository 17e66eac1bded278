package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Another source's tensors with all F64, F32, F16 and BF16 tensors in one of these types, rounded to nearest with ties to
 * even while they are read. Tensors of other types stay as they are.
 */
public final class CastSource implements TensorSource {

    private final TensorSource source;
    private final Dtype dtype;
    private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

    private record Cast(String name, Dtype dtype, List<Long> shape) implements NamedTensor {}

    /** @param dtype what floating tensors become: F64, F32, F16 or BF16 */
    public CastSource(TensorSource source, Dtype dtype) {
        if (!dtype.isFloating()) {
            throw new IllegalArgumentException("expected F64, F32, F16 or BF16, found " + dtype);
        }
        this.source = source;
        this.dtype = dtype;
        for (NamedTensor tensor : source.tensors().values()) {
            tensors.put(
                    tensor.name(),
                    tensor.dtype().isFloating() ? new Cast(tensor.name(), dtype, tensor.shape()) : tensor);
        }
    }

    @Override
    public String origin() {
        return source.origin();
    }

    @Override
    public Map<String, NamedTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public Map<String, String> metadata() {
        return source.metadata();
    }

    /** @throws FormatException.Unsupported if a finite value is too large for the type */
    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        NamedTensor from = source.tensor(name);
        if (!from.dtype().isFloating() || from.dtype() == dtype) {
            source.read(name, position, target);
            return;
        }
        long first = position / dtype.bytes();
        double[] values = new double[target.remaining() / dtype.bytes()];
        Elements.reals(source, name, first, values);
        Elements.putReals(target, dtype, values, origin(), name, first);
    }
}
