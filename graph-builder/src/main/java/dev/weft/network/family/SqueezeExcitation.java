package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;

/** Squeeze-and-excitation (Hu et al. 2018): channels are scaled by what their means say. */
public final class SqueezeExcitation {

    private SqueezeExcitation() {}

    /**
     * Appends the gates to a map's channels, named as torchvision names them: {@code name.fc1.weight} [squeezed, channels, 1,
     * 1].
     *
     * @param squeezed channels between the two convolutions
     * @param gate sigmoid or hard sigmoid
     */
    public static void add(
            Architecture.Builder builder, String name, int channels, int squeezed, Layer.Activation gate) {
        String input = builder.last();
        builder.add(name + ".mean", new Pooling.GlobalAvgPool())
                .add(name + ".pixel", new Reshaping.ToPixel())
                .add(name + ".fc1", Convolution.square(channels, squeezed, 1, 1, 0, true))
                .add(name + ".relu", new Layer.Relu())
                .add(name + ".fc2", Convolution.square(squeezed, channels, 1, 1, 0, true))
                .add(name + ".gate", gate)
                .add(name + ".scaled", new Junction.Multiply(), input, name + ".gate");
    }
}
