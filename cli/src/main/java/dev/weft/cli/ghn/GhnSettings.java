package dev.weft.cli.ghn;

import dev.weft.hypernets.ghn.Decoding;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnTraining;
import java.util.List;

/**
 * What {@code --config} and {@code --set} can change of a graph hypernetwork.
 *
 * @param hidden width of node states
 * @param channels M, beyond which layers are tiled
 * @param kernel S, side of the largest kernel
 * @param layers of the transformer, for ghn-3 and logah
 * @param heads of the transformer, for ghn-3 and logah
 * @param size side of the images in pixels, 0 for that which the networks were drawn for
 */
public record GhnSettings(int hidden, int channels, int kernel, int layers, int heads, int size, GhnTraining training) {

    static final List<String> MODELS = List.of("ghn-1", "ghn-2", "ghn-3", "logah", "nodes");

    private static final int LOGAH_WIDEST = 2048; // channels times taps of a side: beyond any micro network

    /** Returns the defaults of a model, for small networks on two cores. */
    public static GhnSettings of(String model) {
        GhnTraining base = GhnTraining.DEFAULT;
        GhnTraining training = switch (model) {
            case "ghn-1" -> with(base, 1, 0, 0);
            case "ghn-2", "nodes" -> base;
            case "ghn-3", "logah" -> with(base, base.networks(), 1e-2, 3e-5);
            default -> throw new IllegalArgumentException("no model '" + model + "' for ghn; there are " + MODELS);
        };
        return new GhnSettings(32, 32, 5, 3, 4, 0, training);
    }

    /** Returns the same settings for images of another size and another training. */
    public GhnSettings with(int otherSize, GhnTraining otherTraining) {
        return new GhnSettings(hidden, channels, kernel, layers, heads, otherSize, otherTraining);
    }

    private static GhnTraining with(GhnTraining base, int networks, double weightDecay, double normWeight) {
        return new GhnTraining(
                base.steps(),
                base.stepsPerRound(),
                networks,
                base.images(),
                base.maxNodes(),
                base.learningRate(),
                weightDecay,
                base.clipNorm(),
                normWeight);
    }

    /** Returns the hypernetwork that the settings give with a model's switches. */
    public GhnConfig config(String model, int classes) {
        return switch (model) {
            case "ghn-1" -> GhnConfig.ghn1(hidden, channels, kernel, classes);
            case "ghn-2" -> GhnConfig.ghn2(hidden, channels, kernel, classes);
            case "logah" ->
                GhnConfig.ghn3(hidden, channels, kernel, classes, layers, heads)
                        .withDecoder(new Decoding.LowRank(Math.max(1, hidden / 2), LOGAH_WIDEST));
            case "nodes" -> GhnConfig.nodes(hidden, channels, kernel, classes);
            default -> GhnConfig.ghn3(hidden, channels, kernel, classes, layers, heads);
        };
    }
}
