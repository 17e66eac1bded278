package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Axis;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Random parameters for checks: no two neurons alike, values of order one throughout, nothing at a special point as the usual
 * initialisations are (zero biases, gains of one).
 */
public final class RandomParameters {

    private static final double SPREAD = 0.3; // of biases and around gains of one

    private RandomParameters() {}

    /** Returns a row of P values. */
    public static double[] row(Architecture architecture, Seed seed) {
        Set<String> gains = new HashSet<>();
        for (Node node : architecture.nodes()) {
            if (node.layer() instanceof Norm) {
                gains.add(ParameterTensor.nameOf(node.name(), "weight"));
            } else if (node.layer() instanceof Layer.Gain) {
                gains.add(node.name());
            }
        }
        double[] row = new double[Math.toIntExact(architecture.parameterCount())];
        for (ParameterTensor tensor : architecture.parameters()) {
            RandomGenerator random = seed.split(tensor.name()).random();
            for (long i = tensor.offset(); i < tensor.end(); i++) {
                row[(int) i] = value(tensor, gains.contains(tensor.name()), random);
            }
        }
        return row;
    }

    private static double value(ParameterTensor tensor, boolean gain, RandomGenerator random) {
        if (!tensor.trainable() && tensor.name().endsWith("running_var")) {
            return 0.5 + random.nextDouble();
        }
        double normal = random.nextGaussian();
        return gain ? 1 + SPREAD * normal : normal * deviation(tensor);
    }

    /** One over the root of the number of values that are added up for one output. */
    private static double deviation(ParameterTensor tensor) {
        boolean weight = tensor.axes().stream().anyMatch(axis -> axis.flow() == Axis.Flow.IN);
        if (!weight) {
            return SPREAD;
        }
        double fanIn = 1;
        for (int a = 0; a < tensor.axes().size(); a++) {
            fanIn *= tensor.axes().get(a).flow() == Axis.Flow.OUT
                    ? 1
                    : tensor.shape().get(a);
        }
        boolean table =
                tensor.axes().get(0).flow() == Axis.Flow.IN && tensor.axes().size() == 2;
        return table && tensor.shape().get(0) > 4 * tensor.shape().get(1) ? 1 : 1 / Math.sqrt(fanIn);
    }
}
