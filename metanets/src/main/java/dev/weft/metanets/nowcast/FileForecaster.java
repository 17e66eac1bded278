package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.CastSource;
import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Forecasts checkpoint files: five in, one out, with the last one's tensors that are no parameters. A forecast has the
 * states' type if all real tensors of the last state have the same, and is float32 otherwise.
 *
 * @param model the forecasting network
 * @param heads of the attention layers, see {@link ReferenceWiring}
 * @param prefix of the parameters' names, empty for whole files
 */
public record FileForecaster(NowcastModel model, OptionalInt heads, String prefix) {

    /** What was forecast. */
    public record Result(long parameters, int nodes, long edges) {}

    /**
     * Forecasts files.
     *
     * @param files five states, oldest first
     * @param out what is written, whole or not at all
     * @throws FormatException if a state is damaged or does not fit the others, or the network cannot be wired
     */
    public Result forecast(NDManager manager, List<Path> files, ForecastSettings settings, Path out)
            throws IOException {
        List<TensorFile> opened = new ArrayList<>();
        try {
            List<TensorSource> states = new ArrayList<>();
            for (Path file : files) {
                TensorFile state = TensorFile.open(file);
                opened.add(state);
                states.add(prefix.isEmpty() ? state : new PrefixedTensors(state, prefix));
            }
            if (states.size() != Trajectory.STATES) {
                throw new IllegalArgumentException(
                        "expected " + Trajectory.STATES + " states, oldest first, found " + states.size());
            }
            TensorSource last = states.get(states.size() - 1);
            StateDict dict = StateDict.of(last);
            return forecast(manager, dict, wire(dict, last, heads), states, settings, out);
        } finally {
            for (TensorFile state : opened) {
                state.close();
            }
        }
    }

    /** Wires a state as the released weights know it. */
    static WiredGraph wire(StateDict dict, TensorSource state, OptionalInt heads) throws FormatException {
        try {
            return ReferenceWiring.of(dict.layout(), heads);
        } catch (IllegalArgumentException e) {
            throw new FormatException.Unsupported(state.origin(), Objects.requireNonNull(e.getMessage()));
        }
    }

    /**
     * Forecasts a network that is wired already.
     *
     * @param states five, oldest first
     */
    public Result forecast(
            NDManager manager,
            StateDict dict,
            WiredGraph graph,
            List<? extends TensorSource> states,
            ForecastSettings settings,
            Path out)
            throws IOException {
        TensorFormat format = format(out);
        format.write(tensors(manager, dict, graph, states, settings), out);
        return new Result(dict.layout().size(), graph.nodes(), graph.edges());
    }

    /**
     * Forecasts states that are open already.
     *
     * @param states five, oldest first; the last one must stay open while the result is read
     * @return the forecast's tensors
     * @throws FormatException if a state does not fit the others, or the network cannot be wired
     */
    public TensorSource forecast(NDManager manager, List<? extends TensorSource> states, ForecastSettings settings)
            throws IOException {
        TensorSource last = states.get(states.size() - 1);
        StateDict dict = StateDict.of(last);
        return tensors(manager, dict, wire(dict, last, heads), states, settings);
    }

    private TensorSource tensors(
            NDManager manager,
            StateDict dict,
            WiredGraph graph,
            List<? extends TensorSource> states,
            ForecastSettings settings)
            throws IOException {
        TensorSource last = states.get(states.size() - 1);
        Trajectory trajectory = Trajectory.of(dict.layout(), states);
        Forecast forecast = model.forecast(manager, graph, trajectory, settings);
        Map<String, String> metadata = Map.of(
                "nowcast.model", model.name(),
                "nowcast.horizon", String.valueOf(settings.horizon()),
                "nowcast.update_scale", String.valueOf(settings.updateScale()),
                "nowcast.last_state", last.origin());
        return typed(dict.with(last, forecast, metadata), last);
    }

    private static TensorSource typed(TensorSource forecast, TensorSource last) {
        Set<Dtype> types = last.tensors().values().stream()
                .map(NamedTensor::dtype)
                .filter(Dtype::isFloating)
                .collect(Collectors.toSet());
        Dtype type = types.size() == 1 ? types.iterator().next() : Dtype.F32;
        return type == Dtype.F32 ? forecast : new CastSource(forecast, type);
    }

    /** Returns the format that a file's name asks for. */
    public static TensorFormat format(Path out) {
        return TensorFormat.forName(out)
                .orElseThrow(() -> new IllegalArgumentException(
                        "cannot tell the format from the name '" + out + "'; expected the end .safetensors or .pt"));
    }
}
