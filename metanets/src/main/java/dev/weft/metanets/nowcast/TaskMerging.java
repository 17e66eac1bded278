package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.MeanSource;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Merges networks that were trained from one base on two to four tasks (merging scripts of NiNo's reference implementation,
 * 2026; not in the paper): base and tasks stand for the five states of a training, and the forecasts for the horizons 1 to
 * {@value #HORIZONS} are averaged, which costs one forecast here, since the last map is affine.
 *
 * <p>The states are base, 1, 2, 2, 1 for two tasks, base, 1, 2, 2, 3 for three, and base, 1, 2, 3, 4 for four. Unlike the
 * reference, which overwrites its base with each forecast, every horizon is forecast from the same states; no edges are left
 * out.
 *
 * @param model forecasting network
 * @param updateScale factor of the predicted change; the reference takes 2.5 for vision transformers and 0.3 for Qwen 3
 */
public record TaskMerging(NowcastModel model, float updateScale) {

    /** The longest horizon. */
    public static final int HORIZONS = 5;

    private static final int FEWEST_TASKS = 2;
    private static final int MOST_TASKS = Trajectory.STATES - 1;

    /**
     * Merges.
     *
     * @param manager parent of what the computation needs, all of which is freed
     * @param base what the tasks' networks were before
     * @param tasks two to four, with the tensors of the base
     * @return tensors with the base's names, order, types and texts; those that are no parameters, such as running
     *     statistics, are the tasks' mean. All sources must stay open while it is read
     * @throws FormatException if the networks do not fit each other or cannot be wired
     */
    public TensorSource merge(NDManager manager, TensorSource base, List<? extends TensorSource> tasks)
            throws IOException {
        List<TensorSource> states = states(base, tasks);
        TensorSource mean = MeanSource.of(base, tasks);
        StateDict dict = StateDict.of(base);
        for (TensorSource task : tasks) {
            requireTies(dict, base, task);
        }
        WiredGraph graph = FileForecaster.wire(dict, base, OptionalInt.empty());
        ForecastSettings settings = ForecastSettings.meanOf(1, HORIZONS).withUpdateScale(updateScale);
        Forecast forecast = model.forecast(manager, graph, Trajectory.of(dict.layout(), states), settings);
        return MeanSource.of(base, List.of(dict.with(mean, forecast, Map.of())));
    }

    private static List<TensorSource> states(TensorSource base, List<? extends TensorSource> tasks) {
        int[] order = switch (tasks.size()) {
            case FEWEST_TASKS -> new int[] {0, 1, 1, 0};
            case 3 -> new int[] {0, 1, 1, 2};
            case MOST_TASKS -> new int[] {0, 1, 2, 3};
            default ->
                throw new IllegalArgumentException("expected the networks of " + FEWEST_TASKS + " to " + MOST_TASKS
                        + " tasks, found " + tasks.size());
        };
        List<TensorSource> states = new ArrayList<>(List.of(base));
        for (int task : order) {
            states.add(tasks.get(task));
        }
        return states;
    }

    private static void requireTies(StateDict dict, TensorSource base, TensorSource task) throws IOException {
        Map<String, String> found = StateDict.of(task).ties();
        for (Map.Entry<String, String> tie : dict.ties().entrySet()) {
            if (!tie.getValue().equals(found.get(tie.getKey()))) {
                throw new FormatException.Unsupported(
                        task.origin(),
                        "tensor '" + tie.getKey() + "': expected the values of '" + tie.getValue() + "' as in "
                                + base.origin());
            }
        }
    }
}
