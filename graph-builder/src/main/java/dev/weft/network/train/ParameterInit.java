package dev.weft.network.train;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Equivariant;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Recurrence;
import dev.weft.network.Seed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The rows that training starts from. Each tensor has its own stream of the seed.
 *
 * <p>Under both, norms begin with gain 1, shift 0, running mean 0 and variance 1; class tokens and learned position arrays
 * are N(0, 0.02^2); recurrent layers are U(&plusmn;1 / sqrt(size)) throughout.
 */
public enum ParameterInit {
    /**
     * What PyTorch's layers draw by themselves: linear and convolutional weights and biases U(&plusmn;1 / sqrt(fan in)), which
     * is Kaiming's uniform with a = sqrt(5), and embeddings N(0, 1).
     */
    TORCH {
        @Override
        Distribution weight(Node node, double fanIn, Residuals residuals) {
            return Distribution.uniform(1 / Math.sqrt(fanIn));
        }

        @Override
        Distribution bias(double fanIn) {
            return Distribution.uniform(1 / Math.sqrt(fanIn));
        }

        @Override
        double embeddingDeviation() {
            return 1;
        }
    },
    /**
     * What GPT-2 begins with (Radford et al. 2019, section 2.3): weights and embeddings N(0, 0.02^2), biases 0, and layers
     * that write into a residual stream divided by the root of how many there are.
     */
    GPT2 {
        @Override
        Distribution weight(Node node, double fanIn, Residuals residuals) {
            boolean writes = residuals.writers.contains(node.name());
            return Distribution.normal(writes ? DEVIATION / Math.sqrt(residuals.count) : DEVIATION);
        }

        @Override
        Distribution bias(double fanIn) {
            return Distribution.constant(0);
        }

        @Override
        double embeddingDeviation() {
            return DEVIATION;
        }
    };

    private static final double DEVIATION = 0.02;

    /** Draws one value. */
    @FunctionalInterface
    interface Distribution {
        double draw(RandomGenerator random);

        static Distribution uniform(double bound) {
            return random -> bound * (2 * random.nextDouble() - 1);
        }

        static Distribution normal(double deviation) {
            return random -> deviation * random.nextGaussian();
        }

        static Distribution constant(double value) {
            return random -> value;
        }
    }

    /**
     * The residual streams of an architecture.
     *
     * @param count additions
     * @param writers nodes that only an addition reads
     */
    record Residuals(int count, Set<String> writers) {
        static Residuals of(Architecture architecture) {
            int count = 0;
            Set<String> added = new HashSet<>();
            Set<String> read = new HashSet<>();
            for (Node node : architecture.nodes()) {
                boolean adds = node.layer() instanceof Junction.Add;
                count += adds ? 1 : 0;
                (adds ? added : read).addAll(node.inputs());
            }
            added.removeAll(read);
            return new Residuals(count, added);
        }
    }

    abstract Distribution weight(Node node, double fanIn, Residuals residuals);

    abstract Distribution bias(double fanIn);

    abstract double embeddingDeviation();

    /** Returns a row of P values. */
    public float[] draw(Architecture architecture, Seed seed) {
        Map<String, Node> nodes = new HashMap<>();
        architecture.nodes().forEach(node -> nodes.put(node.name(), node));
        Residuals residuals = Residuals.of(architecture);
        float[] row = new float[Math.toIntExact(architecture.parameterCount())];
        for (ParameterTensor tensor : architecture.parameters()) {
            Distribution distribution = distribution(owner(nodes, tensor), tensor, residuals);
            RandomGenerator random = seed.split(tensor.name()).random();
            for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
                row[i] = (float) distribution.draw(random);
            }
        }
        return row;
    }

    /** Returns the node whose name the tensor's begins with, see {@link ParameterTensor#nameOf}. */
    private static Node owner(Map<String, Node> nodes, ParameterTensor tensor) {
        String name = tensor.name();
        for (int end = name.length(); end > 0; end--) {
            Node node = nodes.get(name.substring(0, end));
            if (node != null && name.equals(ParameterTensor.nameOf(node.name(), suffix(name, end)))) {
                return node;
            }
        }
        throw new IllegalStateException("tensor '" + name + "' belongs to no node");
    }

    private static String suffix(String name, int end) {
        return end < name.length() && name.charAt(end) == '.' ? name.substring(end + 1) : name.substring(end);
    }

    private Distribution distribution(Node node, ParameterTensor tensor, Residuals residuals) {
        Layer layer = node.layer();
        boolean isBias = tensor.name().endsWith("bias");
        if (layer instanceof Norm) {
            boolean isOne = (tensor.name().endsWith("weight") && !(layer instanceof Norm.OffsetRmsNorm))
                    || tensor.name().endsWith("running_var");
            return Distribution.constant(isOne ? 1 : 0);
        }
        if (layer instanceof Recurrence recurrent) {
            return Distribution.uniform(1 / Math.sqrt(recurrent.size()));
        }
        if (layer instanceof Embedding) {
            boolean isTable = tensor.name().endsWith("weight");
            return Distribution.normal(isTable ? embeddingDeviation() : DEVIATION);
        }
        if (layer instanceof Layer.Gain || layer instanceof Layer.Shift) {
            return Distribution.constant(layer instanceof Layer.Gain ? 1 : 0);
        }
        double fanIn = fanIn(layer);
        return isBias ? bias(fanIn) : weight(node, fanIn, residuals);
    }

    /** Returns how many inputs one output adds up. */
    private static double fanIn(Layer layer) {
        if (layer instanceof Layer.Linear linear) {
            return linear.in();
        }
        if (layer instanceof Layer.InputMajorLinear linear) {
            return linear.in();
        }
        if (layer instanceof Convolution convolution) {
            int taps = convolution.kernel().stream().reduce(1, Math::multiplyExact);
            return (double) convolution.in() / convolution.groups() * taps;
        }
        if (layer instanceof Equivariant.Cyclic cyclic) {
            return (double) cyclic.order() * cyclic.in();
        }
        if (layer instanceof Equivariant.Symmetric symmetric) {
            return symmetric.in();
        }
        throw new IllegalStateException("no rule to draw the parameters of " + layer);
    }
}
