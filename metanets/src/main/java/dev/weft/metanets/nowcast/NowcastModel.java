package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.metanets.task.RunFiles;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;

/** A network that forecasts the parameters of another one from {@value Trajectory#STATES} states of its training. */
public sealed interface NowcastModel permits Nino, WnnPlus {

    /**
     * Reads weights: safetensors, a {@code .pt} file with {@code state_dict} and {@code model_args} as released, or the
     * directory of a training run. NiNo with and without a table of tokens and of any width, and WNN+ are known.
     *
     * @throws FormatException if the tensors are no such network's; the message names one
     */
    static NowcastModel load(Path path) throws IOException {
        Path file = Files.isDirectory(path) ? new RunFiles(path).model() : path;
        try (TensorFile tensors = TensorFile.open(file)) {
            return of(tensors);
        }
    }

    /** Takes weights from a source, which is not needed any more afterwards. */
    static NowcastModel of(TensorSource source) throws IOException {
        ReleasedWeights weights = new ReleasedWeights(source);
        return weights.has(WnnPlus.SIGN) ? new WnnPlus(weights) : new Nino(weights);
    }

    /** Returns the network's name, {@code nino} or {@code wnn+}. */
    String name();

    /** Returns K: horizons 1 to K can be asked for, one being the interval between two states. */
    int horizons();

    /**
     * Forecasts.
     *
     * @param manager parent of what the computation needs, all of which is freed
     * @param graph of the network that is forecast
     * @param states what is known of it
     * @throws IllegalArgumentException if the graph, the horizon or the encoding is not one that the weights allow
     * @throws FormatException if a state has a value that is not finite
     * @throws CancellationException if the thread is interrupted
     */
    Forecast forecast(NDManager manager, WiredGraph graph, Trajectory states, ForecastSettings settings)
            throws IOException;
}
