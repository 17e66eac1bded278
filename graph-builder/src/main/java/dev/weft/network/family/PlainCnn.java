package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import java.util.ArrayList;
import java.util.List;

/** Convolutions one behind the other, a global mean, and a linear layer. */
public final class PlainCnn {

    private static final double EPSILON = 1e-5;

    private PlainCnn() {}

    /**
     * The form of the networks.
     *
     * @param input images
     * @param channels output channels of the convolutions
     * @param kernel extent of all kernels
     * @param stride of all convolutions
     * @param padding of all convolutions
     * @param norm whether a batch norm follows each convolution, which then has no bias
     * @param classes outputs
     */
    public record Config(
            Input.Image input,
            List<Integer> channels,
            int kernel,
            int stride,
            int padding,
            boolean norm,
            Layer.Activation activation,
            int classes) {}

    /**
     * The networks of the small CNN zoo (Unterthiner et al. 2020): three convolutions of 16 channels, 3 x 3, stride 2; 4,970
     * parameters with one input channel and ten classes.
     */
    public static Architecture smallCnnZoo(Input.Image input, Layer.Activation activation, int classes) {
        return of("small-cnn-zoo", new Config(input, List.of(16, 16, 16), 3, 2, 0, false, activation, classes));
    }

    /** Parameters are called {@code conv.0.weight}, ..., {@code norm.0.weight}, ..., {@code classifier.weight}. */
    public static Architecture of(Config config) {
        return of("cnn", config);
    }

    private static Architecture of(String family, Config config) {
        List<Convolution> convolutions = new ArrayList<>();
        int in = config.input.channels();
        for (int out : config.channels) {
            convolutions.add(Convolution.square(in, out, config.kernel, config.stride, config.padding, !config.norm));
            in = out;
        }
        return of(family, config.input, convolutions, config.norm, config.activation, config.classes);
    }

    /**
     * The networks whose training NiNo was trained to foresee (Knyazev et al. 2025, "FM-16" with channels 16, 32, 32): a first
     * convolution 3 x 3 of stride 2 without padding, then convolutions that keep the size, ReLU; 14,378 parameters with one
     * input channel and ten classes.
     */
    public static Architecture nino(Input.Image input, List<Integer> channels, int classes) {
        List<Convolution> convolutions = new ArrayList<>();
        int in = input.channels();
        for (int out : channels) {
            boolean first = convolutions.isEmpty();
            convolutions.add(Convolution.square(in, out, 3, first ? 2 : 1, first ? 0 : 1, true));
            in = out;
        }
        return of("cnn", input, convolutions, false, new Layer.Relu(), classes);
    }

    private static Architecture of(
            String family,
            Input.Image input,
            List<Convolution> convolutions,
            boolean norm,
            Layer.Activation activation,
            int classes) {
        Architecture.Builder builder = Architecture.builder(family, input);
        for (int l = 0; l < convolutions.size(); l++) {
            builder.add("conv." + l, convolutions.get(l));
            if (norm) {
                builder.add("norm." + l, new Norm.BatchNorm(convolutions.get(l).out(), EPSILON, true, true));
            }
            builder.add("act." + l, activation);
        }
        int width = convolutions.isEmpty()
                ? input.channels()
                : convolutions.get(convolutions.size() - 1).out();
        return builder.add("pool", new Pooling.GlobalAvgPool())
                .add("classifier", new Layer.Linear(width, classes, true))
                .build();
    }
}
