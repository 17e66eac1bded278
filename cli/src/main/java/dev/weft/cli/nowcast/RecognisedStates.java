package dev.weft.cli.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.checkpoints.format.recognise.NetworkFile;
import dev.weft.metanets.nowcast.FileForecaster;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.metanets.nowcast.wiring.CorrectedWiring;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checkpoints in which a network is recognised, so that it is forecast in the wiring of its true connections. */
final class RecognisedStates implements AutoCloseable {

    private final List<NetworkFile> states = new ArrayList<>();

    private RecognisedStates() {}

    /**
     * Opens checkpoints of one network.
     *
     * @throws FormatException if no network is recognised in one, or another than in the first
     */
    static RecognisedStates open(List<Path> files, Hints hints) throws IOException {
        RecognisedStates opened = new RecognisedStates();
        try {
            for (Path file : files) {
                NetworkFile state = NetworkFile.open(file, hints);
                opened.states.add(state);
                state.requireLike(opened.states.get(0));
            }
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
        return opened;
    }

    /** Forecasts the trained parameters and writes them with the last state's names, layouts, types and other tensors. */
    FileForecaster.Result forecast(NowcastModel model, NDManager manager, ForecastSettings settings, Path out)
            throws IOException {
        NetworkFile last = states.get(states.size() - 1);
        Architecture architecture = last.architecture();
        WiredGraph graph = CorrectedWiring.of(architecture);
        float[][] rows = new float[states.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = states.get(i).row();
        }
        List<String> origins =
                states.stream().map(state -> state.file().origin()).toList();
        Trajectory trajectory = Trajectory.of(architecture, origins, rows);
        float[] row = rows[rows.length - 1].clone();
        model.forecast(manager, graph, trajectory, settings).putInto(architecture, row);
        FileForecaster.format(out).write(last.with(row), out);
        return new FileForecaster.Result(graph.layout().size(), graph.nodes(), graph.edges());
    }

    @Override
    public void close() throws IOException {
        for (NetworkFile state : states) {
            state.close();
        }
    }
}
