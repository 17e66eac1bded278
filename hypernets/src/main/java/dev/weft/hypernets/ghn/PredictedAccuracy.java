package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.weft.graph.ComputationGraph;
import dev.weft.network.Architecture;
import dev.weft.network.run.FunctionalNetwork;
import java.util.stream.IntStream;

/**
 * How often a network with predicted parameters is right. Batch norms without running moments use those of the batch, so the
 * batches are part of the figure: {@value #BATCH} images in their order.
 */
public final class PredictedAccuracy {

    /** As in the published figures for small images. */
    public static final int BATCH = 64;

    private PredictedAccuracy() {}

    /** Predicts a network's parameters and returns its share of right answers. */
    public static double of(
            GraphHyperNetwork model, NDManager manager, Architecture architecture, LabelledImages images) {
        float[] row = new float[Math.toIntExact(architecture.parameterCount())];
        model.predict(manager, ComputationGraph.of(architecture), true, row);
        return of(manager, architecture, row, images);
    }

    /** Returns the share of right answers of a network with given parameters [P], in batches as above. */
    public static double of(NDManager manager, Architecture architecture, float[] row, LabelledImages images) {
        int right = 0;
        for (int begin = 0; begin < images.size(); begin += BATCH) {
            int[] numbers = IntStream.range(begin, Math.min(images.size(), begin + BATCH))
                    .toArray();
            right += right(manager, architecture, row, images, numbers);
        }
        return (double) right / images.size();
    }

    private static int right(
            NDManager manager, Architecture architecture, float[] row, LabelledImages images, int[] numbers) {
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray rows = sub.create(row, new Shape(1, row.length));
            NDArray outputs = new FunctionalNetwork(architecture).forward(rows, images.images(sub, numbers));
            long[] answers = outputs.argMax(2).toLongArray(); // [1, b]
            return (int) IntStream.range(0, numbers.length)
                    .filter(i -> answers[i] == images.label(numbers[i]))
                    .count();
        }
    }
}
