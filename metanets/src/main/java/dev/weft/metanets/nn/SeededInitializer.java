package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import dev.weft.network.Seed;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Initial values drawn from a seed of their own, so that they do not depend on the engine's generator, on the order in
 * which blocks are initialised, or on the data type (float32 values are the rounded float64 values).
 */
public final class SeededInitializer implements Initializer {

    private final Seed seed;
    private final Function<RandomGenerator, DoubleSupplier> distribution;

    private SeededInitializer(Seed seed, Function<RandomGenerator, DoubleSupplier> distribution) {
        this.seed = seed;
        this.distribution = distribution;
    }

    /** Uniform in [-bound, bound). */
    public static SeededInitializer uniform(Seed seed, double bound) {
        return new SeededInitializer(seed, random -> () -> bound * (2 * random.nextDouble() - 1));
    }

    /** PyTorch's default for linear layers: uniform with bound 1 / sqrt(fan in). */
    public static SeededInitializer fanIn(Seed seed, long fanIn) {
        return uniform(seed, 1 / Math.sqrt(fanIn));
    }

    /** Normal with mean 0. */
    public static SeededInitializer normal(Seed seed, double deviation) {
        return new SeededInitializer(seed, random -> () -> deviation * random.nextGaussian());
    }

    /** Normal with mean 0, drawn anew beyond {@code bound}: PyTorch's {@code trunc_normal_} with its bounds of 2. */
    public static SeededInitializer truncatedNormal(Seed seed, double deviation, double bound) {
        return new SeededInitializer(seed, random -> () -> {
            double value = deviation * random.nextGaussian();
            while (Math.abs(value) > bound) {
                value = deviation * random.nextGaussian();
            }
            return value;
        });
    }

    /** The same value everywhere. */
    public static SeededInitializer constant(double value) {
        return new SeededInitializer(new Seed(0), random -> () -> value);
    }

    @Override
    public NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
        double[] values = new double[Math.toIntExact(shape.size())];
        DoubleSupplier next = distribution.apply(seed.random());
        for (int i = 0; i < values.length; i++) {
            values[i] = next.getAsDouble();
        }
        NDArray wide = manager.create(values, shape);
        if (dataType == DataType.FLOAT64) {
            return wide; // to() would alias memory that dies with `wide`
        }
        try (wide) {
            return wide.toType(dataType, false);
        }
    }
}
