package dev.weft.metanets.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.nn.WeightSpaceBlock;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What a resumed run needs to go on to the same values: weights, best weights, the optimizer's moments and counters.
 * Shuffling, dropout and augmentation are seeded by epoch and step, so there is no generator to save.
 *
 * @param epoch epochs done
 * @param bestEpoch the epoch with the best validation score, counted from 1
 * @param bestScore its score
 */
public record TrainingState(int epoch, int bestEpoch, double bestScore) {

    private static final String MODEL = "model.";
    private static final String MOMENT = "adam.";

    /** Returns the state before the first epoch. */
    public static TrainingState fresh(boolean higherIsBetter) {
        return new TrainingState(0, 0, higherIsBetter ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }

    /** Whether a score is better than the best so far. */
    public boolean improvedBy(double score, boolean higherIsBetter) {
        return higherIsBetter ? score > bestScore : score < bestScore;
    }

    /** Writes or replaces a state. */
    public void write(Path file, WeightSpaceBlock model, AdamW optimizer) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("epoch", Integer.toString(epoch))
                .metadata("best_epoch", Integer.toString(bestEpoch))
                .metadata("best_score", Double.toString(bestScore))
                .metadata("step", Long.toString(optimizer.step()));
        ModelFile.add(writer, MODEL, model, ModelFile.values(model));
        List<NDArray> moments = optimizer.moments();
        try (NDScope scope = new NDScope()) { // for the copies that are read from a GPU
            scope.suppressNotUsedWarning();
            for (int i = 0; i < moments.size(); i++) {
                writer.add(MOMENT + i, moments.get(i));
            }
        }
        writer.write(file);
    }

    /** Puts a saved state back into model and optimizer. */
    public static TrainingState read(Path file, WeightSpaceBlock model, AdamW optimizer) throws IOException {
        try (Safetensors saved = Safetensors.open(file)) {
            Map<String, float[]> values = ModelFile.read(saved, MODEL, model);
            List<float[]> moments = new ArrayList<>();
            for (NDArray moment : optimizer.moments()) {
                moments.add(ModelFile.tensor(saved, MOMENT + moments.size(), moment.size()));
            }
            long step = number(saved, "step", Long::valueOf);
            TrainingState state = new TrainingState(
                    number(saved, "epoch", Integer::valueOf),
                    number(saved, "best_epoch", Integer::valueOf),
                    number(saved, "best_score", Double::valueOf));
            state.check(file, step);
            ModelFile.restore(model, values);
            optimizer.restore(step, moments);
            return state;
        }
    }

    private void check(Path file, long step) throws FormatException {
        if (bestEpoch < 0 || bestEpoch > epoch || step < epoch || Double.isNaN(bestScore)) {
            throw new FormatException.Corrupt(
                    file.toString(),
                    "metadata contradicts itself: epoch " + epoch + ", best epoch " + bestEpoch + " with score "
                            + bestScore + ", step " + step);
        }
    }

    private static <T> T number(Safetensors saved, String key, Function<String, T> parse) throws FormatException {
        String text = saved.metadata().getOrDefault(key, "(nothing)");
        try {
            return parse.apply(text);
        } catch (NumberFormatException e) {
            throw new FormatException.Corrupt(
                    saved.file().toString(), "metadata '" + key + "': expected a number, found " + text, e);
        }
    }
}
