package dev.weft.network.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * What a classifier, or a predictor of words, loses: minus the log of the probability that it gives the right answer, and
 * whether that answer is its first.
 *
 * <p>Shapes: scores [n, *, classes] of n networks before any softmax, answers [n, *] or [1, *] (the same for all) int64.
 */
public final class CrossEntropy {

    private CrossEntropy() {}

    /** Returns each network's mean loss [n] in nats, differentiable in the scores. */
    public static NDArray losses(NDArray scores, NDArray answers) {
        NDArray flat = flat(scores); // [n, m, classes]
        long n = flat.getShape().get(0);
        long m = flat.getShape().get(1);
        NDArray index = answers.reshape(-1, m, 1).broadcast(n, m, 1);
        return flat.logSoftmax(2)
                .gather(index, 2)
                .reshape(n, m)
                .mean(new int[] {1})
                .neg();
    }

    /** Returns each network's share of right answers [n], float32. */
    public static NDArray accuracies(NDArray scores, NDArray answers) {
        NDArray flat = flat(scores);
        NDArray right = flat.argMax(2).eq(answers.reshape(-1, flat.getShape().get(1)));
        return right.toType(scores.getDataType(), false).mean(new int[] {1});
    }

    private static NDArray flat(NDArray scores) {
        Shape shape = scores.getShape();
        return scores.reshape(shape.get(0), -1, shape.get(shape.dimension() - 1));
    }
}
