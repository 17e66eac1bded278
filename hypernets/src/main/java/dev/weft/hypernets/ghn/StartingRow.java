package dev.weft.hypernets.ghn;

import dev.weft.network.Architecture;
import dev.weft.network.Embedding;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/**
 * What the values that a hypernetwork does not predict start from: running moments 0 and 1, class tokens and their places N(0,
 * 0.02^2), class layers uniform within 1 / sqrt(fan-in). Everything else is 0, to be written.
 */
final class StartingRow {

    private static final double TOKEN_DEVIATION = 0.02;

    private final Architecture architecture;
    private final Seed seed;
    private final float[] row;
    private final Map<String, ParameterTensor> tensors = new HashMap<>();

    private StartingRow(Architecture architecture, Seed seed) {
        this.architecture = architecture;
        this.seed = seed;
        this.row = new float[Math.toIntExact(architecture.parameterCount())];
        architecture.parameters().forEach(tensor -> tensors.put(tensor.name(), tensor));
    }

    /** Returns a row [P]. */
    static float[] of(Architecture architecture, Seed seed) {
        StartingRow starting = new StartingRow(architecture, seed);
        architecture.nodes().forEach(starting::fill);
        return starting.row;
    }

    private void fill(Architecture.Node node) {
        Layer layer = node.layer();
        RandomGenerator random = seed.split(node.name()).random();
        if (layer instanceof Norm) {
            fill(node, "running_var", () -> 1);
        } else if (layer instanceof Embedding.ClassToken || layer instanceof Embedding.PositionArray) {
            fill(node, "", () -> TOKEN_DEVIATION * random.nextGaussian());
        } else if (layer instanceof Layer.Linear linear && isLast(node)) {
            double bound = 1 / Math.sqrt(linear.in());
            fill(node, "weight", () -> bound * (2 * random.nextDouble() - 1));
            fill(node, "bias", () -> bound * (2 * random.nextDouble() - 1));
        }
    }

    private boolean isLast(Architecture.Node node) {
        return architecture.nodes().stream()
                .filter(each -> each.layer() instanceof Layer.Linear)
                .reduce((first, second) -> second)
                .filter(node::equals)
                .isPresent();
    }

    private void fill(Architecture.Node node, String suffix, DoubleSupplier next) {
        ParameterTensor tensor = tensors.get(ParameterTensor.nameOf(node.name(), suffix));
        if (tensor != null) {
            float[] values = new float[(int) tensor.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) next.getAsDouble();
            }
            System.arraycopy(values, 0, row, (int) tensor.offset(), values.length);
        }
    }
}
