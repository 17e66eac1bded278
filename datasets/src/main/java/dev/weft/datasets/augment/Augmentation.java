package dev.weft.datasets.augment;

import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.SignFlip;
import java.util.random.RandomGenerator;

/**
 * Varies the parameter rows of one architecture at random, as an {@link AugmentationConfig} says: move, flip, permute,
 * noise, dropout, in this order. O(P) a row, computed in double precision. Each variation has its own stream of the seed,
 * so switching one off leaves the others' draws alone.
 */
public final class Augmentation {

    private final Architecture architecture;
    private final AugmentationConfig config;

    /**
     * Makes an augmentation.
     *
     * @throws IllegalArgumentException if pictures are to be moved whose networks do not begin with a linear layer from two
     *     coordinates
     */
    public Augmentation(Architecture architecture, AugmentationConfig config) {
        this.architecture = architecture;
        this.config = config;
        if (config.moves()) {
            CoordinateMove.check(architecture);
        }
    }

    /**
     * Returns varied copies of rows; row k is varied with {@code seed.split(k)}.
     *
     * @param rows m rows of P values, one behind the other
     */
    public float[] applyAll(float[] rows, Seed seed) {
        int p = Math.toIntExact(architecture.parameterCount());
        if (rows.length % p != 0) {
            throw new IllegalArgumentException(
                    "expected rows of " + p + " values of " + architecture + ", got " + rows.length + " values");
        }
        float[] varied = new float[rows.length];
        double[] row = new double[p];
        for (int k = 0; k < rows.length / p; k++) {
            for (int i = 0; i < p; i++) {
                row[i] = rows[k * p + i];
            }
            double[] result = apply(row, seed.split(k));
            for (int i = 0; i < p; i++) {
                varied[k * p + i] = (float) result[i];
            }
        }
        return varied;
    }

    /** Returns a varied copy of a row of P values. */
    public double[] apply(double[] row, Seed seed) {
        architecture.requireRowLength(row.length);
        double[] varied = row.clone();
        if (config.moves()) {
            varied = drawMove(seed.split("move").random()).apply(architecture, varied);
        }
        if (config.signFlips()) {
            varied = SignFlip.random(architecture, seed.split("flip")).apply(varied);
        }
        if (config.permute()) {
            varied = NeuronPermutation.random(architecture, seed.split("permute"))
                    .apply(varied);
        }
        if (config.noise() > 0) {
            addNoise(varied, seed.split("noise").random());
        }
        if (config.dropout() > 0) {
            drop(varied, seed.split("dropout").random());
        }
        return varied;
    }

    private CoordinateMove drawMove(RandomGenerator random) {
        double angle = Math.toRadians(symmetric(random, config.maxRotationDegrees()));
        double scale = 1 / (1 + symmetric(random, config.maxScale()));
        return new CoordinateMove(
                angle, scale, symmetric(random, config.maxShift()), symmetric(random, config.maxShift()));
    }

    private static double symmetric(RandomGenerator random, double most) {
        return most * (2 * random.nextDouble() - 1);
    }

    private void addNoise(double[] row, RandomGenerator random) {
        for (ParameterTensor tensor : architecture.parameters()) {
            double deviation = config.noise() * deviation(row, tensor);
            for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
                row[i] += deviation * random.nextGaussian();
            }
        }
    }

    private static double deviation(double[] row, ParameterTensor tensor) {
        double sum = 0;
        double squares = 0;
        for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
            sum += row[i];
        }
        double mean = sum / tensor.size();
        for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
            squares += (row[i] - mean) * (row[i] - mean);
        }
        return Math.sqrt(squares / tensor.size());
    }

    private void drop(double[] row, RandomGenerator random) {
        for (int i = 0; i < row.length; i++) {
            row[i] = random.nextDouble() < config.dropout() ? 0 : row[i] / (1 - config.dropout());
        }
    }
}
