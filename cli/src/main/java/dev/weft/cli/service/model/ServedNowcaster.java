package dev.weft.cli.service.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.FileForecaster;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.nowcast.train.NowcastRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** A network that forecasts parameters in training. */
public final class ServedNowcaster implements ServedModel {

    private final NowcastModel model;

    private ServedNowcaster(NowcastModel model) {
        this.model = model;
    }

    static ServedNowcaster load(Path path) throws IOException {
        return new ServedNowcaster(NowcastRun.loadForReference(path));
    }

    @Override
    public String kind() {
        return "nowcaster";
    }

    @Override
    public List<Operation> operations() {
        return List.of(Operation.NOWCAST);
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", model.name());
        facts.put("horizons", model.horizons());
        return facts;
    }

    /** Forecasts; to be called in the model's worker. The last state must stay open while the result is read. */
    TensorSource forecast(List<? extends TensorSource> states, ForecastSettings settings) throws IOException {
        try (NDManager request = NDManager.newBaseManager(Device.cpu())) {
            return new FileForecaster(model, OptionalInt.empty(), "").forecast(request, states, settings);
        }
    }

    @Override
    public void close() {}
}
