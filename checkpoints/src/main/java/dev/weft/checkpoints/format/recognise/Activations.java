package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import java.util.Map;
import java.util.TreeMap;

/** Activations by the names that Hugging Face, PyTorch and timm give them. */
public final class Activations {

    private static final String QUICK_GELU = "quick_gelu";
    private static final double QUICK_GELU_FACTOR = 1.702;

    private static final Map<String, Layer.Activation> NAMES = new TreeMap<>(Map.ofEntries(
            Map.entry("relu", new Layer.Relu()),
            Map.entry("relu6", new Layer.Relu6()),
            Map.entry("leaky_relu", new Layer.LeakyRelu(0.01)),
            Map.entry("tanh", new Layer.Tanh()),
            Map.entry("sigmoid", new Layer.Sigmoid()),
            Map.entry("gelu", new Layer.Gelu()),
            Map.entry("gelu_new", new Layer.GeluTanh()),
            Map.entry("gelu_tanh", new Layer.GeluTanh()),
            Map.entry("gelu_pytorch_tanh", new Layer.GeluTanh()),
            Map.entry("gelu_fast", new Layer.GeluTanh()),
            Map.entry("silu", new Layer.Silu()),
            Map.entry("swish", new Layer.Silu()),
            Map.entry("hardswish", new Layer.HardSwish())));

    private Activations() {}

    /**
     * Returns an activation.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static Layer.Activation named(String name) {
        Layer.Activation activation = NAMES.get(name);
        if (activation == null) {
            throw new IllegalArgumentException(
                    "no activation '" + name + "', expected one of " + String.join(", ", NAMES.keySet()));
        }
        return activation;
    }

    /** Appends the activation that a configuration names. */
    static void add(Sketch sketch, String node, HubConfig config, String key, String otherwise) throws FormatException {
        String name = config.text(key, otherwise);
        if (name.equals(QUICK_GELU)) {
            String x = sketch.last();
            sketch.add(node + ".scaled", new Layer.Multiplier(QUICK_GELU_FACTOR))
                    .add(node + ".gate", new Layer.Sigmoid())
                    .add(node, new Junction.Multiply(), x, node + ".gate");
            return;
        }
        Layer.Activation activation = NAMES.get(name);
        if (activation == null) {
            throw config.unsupported("activation '" + name + "' (" + key + "); read are "
                    + String.join(", ", NAMES.keySet()) + ", " + QUICK_GELU);
        }
        sketch.add(node, activation);
    }
}
