package dev.weft.cli.zoo;

import ai.djl.ndarray.NDManager;
import dev.weft.datasets.training.ForecastEvaluation;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.metanets.nowcast.train.ForecasterConfig.Wiring;
import dev.weft.metanets.nowcast.train.NowcastRun;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** NiNo or WNN+ as a rule among others; it is called by its file. */
record NetworkForecaster(String name, NowcastModel model, WiredGraph graph, NDManager manager)
        implements ForecastEvaluation.Forecaster {

    /**
     * Loads weights for networks of an architecture.
     *
     * @param path of released weights, or of a run, which tells the wiring
     * @throws IllegalArgumentException if a horizon is beyond the weights, or the architecture cannot be wired
     */
    static NetworkForecaster open(Path path, NDManager manager, Architecture architecture, List<Integer> horizons)
            throws IOException {
        Wiring wiring = NowcastRun.wiring(path);
        NowcastModel model = NowcastModel.load(path);
        for (int horizon : horizons) {
            if (horizon > model.horizons()) {
                throw new IllegalArgumentException(
                        path + ": expected horizons up to " + model.horizons() + ", got " + horizon);
            }
        }
        return new NetworkForecaster(path.toString(), model, wiring.wire(architecture), manager);
    }

    @Override
    public float[] forecast(List<float[]> states, int horizon) throws IOException {
        Trajectory trajectory = Trajectory.of(graph.layout(), states.toArray(float[][]::new));
        return model.forecast(manager, graph, trajectory, ForecastSettings.horizon(horizon))
                .row();
    }
}
