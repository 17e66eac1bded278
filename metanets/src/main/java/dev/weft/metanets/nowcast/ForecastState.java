package dev.weft.metanets.nowcast;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A state whose parameters are forecast, as float32; its other tensors are the last state's. */
final class ForecastState implements TensorSource {

    private final TensorSource last;
    private final Forecast forecast;
    private final Map<String, String> ties;
    private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata;

    private record Predicted(String name, Dtype dtype, List<Long> shape) implements NamedTensor {}

    ForecastState(TensorSource last, Forecast forecast, Map<String, String> ties, Map<String, String> added) {
        this.last = last;
        this.forecast = forecast;
        this.ties = ties;
        for (NamedTensor tensor : last.tensors().values()) {
            boolean predicted = predicted(tensor.name()).isPresent();
            tensors.put(tensor.name(), predicted ? new Predicted(tensor.name(), Dtype.F32, tensor.shape()) : tensor);
        }
        metadata = new LinkedHashMap<>(last.metadata());
        metadata.putAll(added);
    }

    private Optional<RowTensor> predicted(String name) {
        return forecast.layout().find(ties.getOrDefault(name, name));
    }

    @Override
    public String origin() {
        return "forecast from " + last.origin();
    }

    @Override
    public Map<String, NamedTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        Optional<RowTensor> tensor = predicted(name);
        if (tensor.isEmpty()) {
            last.read(name, position, target);
            return;
        }
        int count = target.remaining() / Float.BYTES;
        target.slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .put(forecast.values(tensor.get()), (int) (position / Float.BYTES), count);
        target.position(target.limit());
    }
}
