package dev.weft.datasets.inr;

import java.util.Arrays;

/** Adam (Kingma and Ba 2015) on one row of P values, with PyTorch's placing of epsilon. */
final class Adam {

    private final float[] mean;
    private final float[] square;
    private double power1 = 1;
    private double power2 = 1;

    Adam(int size) {
        mean = new float[size];
        square = new float[size];
    }

    /** Forgets everything, for the next network. */
    void reset() {
        Arrays.fill(mean, 0);
        Arrays.fill(square, 0);
        power1 = 1;
        power2 = 1;
    }

    /** Moves {@code row} [P] against {@code gradient} [P]. */
    void step(float[] row, float[] gradient, double learningRate) {
        int n = row.length;
        power1 *= InrRecipe.BETA1; // products, not Math.pow: the same bits on every platform
        power2 *= InrRecipe.BETA2;
        FloatLoops.blend(mean, gradient, (float) InrRecipe.BETA1, (float) (1 - InrRecipe.BETA1), n);
        FloatLoops.blendSquares(square, gradient, (float) InrRecipe.BETA2, (float) (1 - InrRecipe.BETA2), n);
        float rate = (float) (learningRate / (1 - power1));
        float scale = (float) (1 / Math.sqrt(1 - power2));
        FloatLoops.descend(row, mean, square, rate, scale, (float) InrRecipe.EPSILON, n);
    }
}
