package dev.weft.metanets.nowcast;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Those tensors of a checkpoint whose names begin with a prefix, called without it: a state dict beside other things. */
public final class PrefixedTensors implements TensorSource {

    private final TensorSource source;
    private final String prefix;
    private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

    private record Renamed(String name, Dtype dtype, List<Long> shape) implements NamedTensor {}

    /** @throws FormatException if no tensor has the prefix */
    public PrefixedTensors(TensorSource source, String prefix) throws FormatException {
        this.source = source;
        this.prefix = prefix;
        source.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                String rest = name.substring(prefix.length());
                tensors.put(rest, new Renamed(rest, tensor.dtype(), tensor.shape()));
            }
        });
        if (tensors.isEmpty()) {
            throw new FormatException.Corrupt(
                    source.origin(), "expected tensors whose names begin with '" + prefix + "', found none");
        }
    }

    TensorSource source() {
        return source;
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
        return Map.of();
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        source.read(prefix + name, position, target);
    }
}
