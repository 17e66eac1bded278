package dev.weft.datasets.training;

import dev.weft.network.train.LearningRate;
import dev.weft.network.train.OptimizerRule;
import dev.weft.network.train.ParameterInit;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How networks are trained.
 *
 * @param init what they start from
 * @param batchSize examples of a step
 * @param optimizer what moves them
 * @param learningRate over the steps
 * @param steps how many
 */
public record TrainingRecipe(
        ParameterInit init, int batchSize, OptimizerRule optimizer, LearningRate learningRate, long steps) {

    public TrainingRecipe {
        if (batchSize < 1) {
            throw new IllegalArgumentException("a batch needs at least one example, got " + batchSize);
        }
        if (steps < 1) {
            throw new IllegalArgumentException("training needs at least one step, got " + steps);
        }
    }

    /**
     * Returns NiNo's recipe for small convolutional networks on Fashion-MNIST (Knyazev et al. 2025): Adam with rate 0.006, 128
     * images a step, at most 10,000 steps.
     */
    public static TrainingRecipe ninoVision() {
        return new TrainingRecipe(
                ParameterInit.TORCH, 128, OptimizerRule.AdamW.adam(), LearningRate.constant(0.006), 10_000);
    }

    public TrainingRecipe withSteps(long count) {
        return new TrainingRecipe(init, batchSize, optimizer, learningRate, count);
    }

    /** Returns the settings by name. */
    public Map<String, String> provenance() {
        Map<String, String> map = new TreeMap<>();
        optimizer.provenance().forEach((key, value) -> map.put("optimizer." + key, value));
        map.putAll(learningRate.provenance());
        map.put("init", init.name().toLowerCase(Locale.ROOT));
        map.put("batch_size", String.valueOf(batchSize));
        map.put("steps", String.valueOf(steps));
        return map;
    }
}
