package dev.weft.metanets.task;

import ai.djl.ndarray.NDArray;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.model.Metanet;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a resumed run needs to go on to the same values: weights, best weights, the optimizer's moments and counters.
 * Shuffling, dropout and augmentation are seeded by epoch and step, so there is no generator to save.
 *
 * @param epoch epochs done
 * @param bestEpoch the epoch with the best validation score, counted from 1
 * @param bestScore its score
 */
record TrainingState(int epoch, int bestEpoch, double bestScore) {

    private static final String MODEL = "model.";
    private static final String MOMENT = "adam.";

    static TrainingState fresh(Task task) {
        return new TrainingState(0, 0, task.higherIsBetter() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }

    boolean improvedBy(double score, Task task) {
        return task.higherIsBetter() ? score > bestScore : score < bestScore;
    }

    void write(Path file, Metanet model, AdamW optimizer) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata("epoch", Integer.toString(epoch))
                .metadata("best_epoch", Integer.toString(bestEpoch))
                .metadata("best_score", Double.toString(bestScore))
                .metadata("step", Long.toString(optimizer.step()));
        ModelFile.add(writer, MODEL, model, ModelFile.values(model));
        List<NDArray> moments = optimizer.moments();
        for (int i = 0; i < moments.size(); i++) {
            writer.add(MOMENT + i, moments.get(i));
        }
        writer.write(file);
    }

    /** Puts a saved state back into model and optimizer. */
    static TrainingState read(Path file, Metanet model, AdamW optimizer) throws IOException {
        try (Safetensors saved = Safetensors.open(file)) {
            ModelFile.restore(model, ModelFile.read(saved, MODEL, model));
            List<float[]> moments = new ArrayList<>();
            for (int i = 0; i < optimizer.moments().size(); i++) {
                moments.add(moment(saved, i, optimizer.moments().get(i).size()));
            }
            Map<String, String> texts = saved.metadata();
            try {
                optimizer.restore(Long.parseLong(text(texts, "step")), moments);
                return new TrainingState(
                        Integer.parseInt(text(texts, "epoch")),
                        Integer.parseInt(text(texts, "best_epoch")),
                        Double.parseDouble(text(texts, "best_score")));
            } catch (NumberFormatException e) {
                throw new FormatException.Corrupt(file.toString(), "metadata: " + e.getMessage(), e);
            }
        }
    }

    private static String text(Map<String, String> texts, String key) {
        return texts.getOrDefault(key, "(no '" + key + "')");
    }

    private static float[] moment(Safetensors saved, int i, long size) throws IOException {
        float[] values = saved.floats(MOMENT + i);
        if (values.length != size) {
            throw new FormatException.Corrupt(
                    saved.file().toString(),
                    "tensor '" + MOMENT + i + "': expected " + size + " values, found " + values.length);
        }
        return values;
    }
}
