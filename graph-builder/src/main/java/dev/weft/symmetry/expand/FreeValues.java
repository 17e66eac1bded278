package dev.weft.symmetry.expand;

import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.random.RandomGenerator;

/** Values for new parameters that the function does not depend on; training will make something of them. */
@FunctionalInterface
public interface FreeValues {

    /**
     * Returns where the values of one tensor come from.
     *
     * @param tensor of the larger network
     * @param norm whether it is a norm's gain, shift or statistic
     * @param spread root mean square of the values that it has already
     */
    Source of(ParameterTensor tensor, boolean norm, double spread);

    /** Gives one value after another. */
    @FunctionalInterface
    interface Source {
        double next();
    }

    /** Normal values as large as those that are there; norms get gains of one, shifts of zero and variances of one. */
    static FreeValues random(Seed seed) {
        return (tensor, norm, spread) -> {
            if (norm) {
                boolean zero = tensor.name().endsWith("bias") || tensor.name().endsWith("running_mean");
                return () -> zero ? 0 : 1;
            }
            RandomGenerator random =
                    seed.split(tensor.name()).split(tensor.size()).random();
            return () -> spread * random.nextGaussian();
        };
    }

    /** The same value everywhere; a large one reveals a parameter that is not free. */
    static FreeValues constant(double value) {
        return (tensor, norm, spread) -> () -> value;
    }
}
