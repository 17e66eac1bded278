package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.network.train.CrossEntropy;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How often a network with predicted parameters is right. Batch norms without running moments use those of the batch, so the
 * batches are part of the figure: {@value #BATCH} images in their order.
 *
 * @param accuracy share of right answers
 * @param loss mean cross-entropy in nats
 */
public record PredictedAccuracy(double accuracy, double loss) {

    /** As in the published figures for small images. */
    public static final int BATCH = 64;

    /** Predicts a network's parameters and judges it. */
    public static PredictedAccuracy of(
            GraphHyperNetwork model, NDManager manager, Architecture architecture, LabelledImages images) {
        return of(manager, architecture, model.predict(manager, architecture), images);
    }

    /**
     * Judges a network with any parameters in the same way.
     *
     * @param row [P]
     */
    public static PredictedAccuracy of(
            NDManager manager, Architecture architecture, float[] row, LabelledImages images) {
        double right = 0;
        double loss = 0;
        for (int begin = 0; begin < images.size(); begin += BATCH) {
            int[] numbers = IntStream.range(begin, Math.min(images.size(), begin + BATCH))
                    .toArray();
            PredictedAccuracy batch = batch(manager, architecture, row, images, numbers);
            right += batch.accuracy * numbers.length;
            loss += batch.loss * numbers.length;
        }
        return new PredictedAccuracy(right / images.size(), loss / images.size());
    }

    private static PredictedAccuracy batch(
            NDManager manager, Architecture architecture, float[] row, LabelledImages images, int[] numbers) {
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray rows = sub.create(row, new Shape(1, row.length));
            NDArray outputs = new FunctionalNetwork(architecture).forward(rows, images.images(sub, numbers));
            NDArray answers = sub.create(
                            Arrays.stream(images.labels(numbers)).asLongStream().toArray())
                    .expandDims(0);
            return new PredictedAccuracy(
                    CrossEntropy.accuracies(outputs, answers).getFloat(0),
                    CrossEntropy.losses(outputs, answers).getFloat(0));
        }
    }
}
