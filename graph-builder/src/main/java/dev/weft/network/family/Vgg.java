package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import java.util.List;

/** VGG (Simonyan and Zisserman 2015), named as torchvision names it: {@code features.0.weight}, {@code classifier.0.weight}. */
public final class Vgg {

    private static final double EPSILON = 1e-5;
    private static final int CLASSIFIER_STEP = 3; // linear, ReLU, dropout

    private Vgg() {}

    /**
     * The form of the networks.
     *
     * @param input images
     * @param stages output channels of the convolutions; a max pool ends each stage
     * @param norm whether a batch norm follows each convolution
     * @param grid side of the map that the classifier reads (7)
     * @param hidden widths of the classifier's hidden layers (4096, 4096)
     * @param classes outputs
     */
    public record Config(
            Input.Image input, List<List<Integer>> stages, boolean norm, int grid, List<Integer> hidden, int classes) {}

    /** VGG-16 for 1,000 classes: 138,357,544 parameters without batch norms. */
    public static Config vgg16(boolean norm) {
        return new Config(
                new Input.Image(3, 224, 224),
                List.of(
                        List.of(64, 64),
                        List.of(128, 128),
                        List.of(256, 256, 256),
                        List.of(512, 512, 512),
                        List.of(512, 512, 512)),
                norm,
                7,
                List.of(4096, 4096),
                1000);
    }

    public static Architecture of(Config config) {
        Architecture.Builder builder = Architecture.builder("vgg", config.input);
        int channels = config.input.channels();
        int place = 0;
        for (List<Integer> stage : config.stages) {
            for (int out : stage) {
                builder.add("features." + place++, Convolution.square(channels, out, 3, 1, 1, true));
                if (config.norm) {
                    builder.add("features." + place++, new Norm.BatchNorm(out, EPSILON, true, true));
                }
                builder.add("features." + place++, new Layer.Relu());
                channels = out;
            }
            builder.add("features." + place++, new Pooling.MaxPool(List.of(2, 2), List.of(2, 2), List.of(0, 0)));
        }
        builder.add("avgpool", new Pooling.AdaptiveAvgPool(List.of(config.grid, config.grid)))
                .add("flatten", new Reshaping.Flatten());
        return classifier(builder, channels * config.grid * config.grid, config);
    }

    private static Architecture classifier(Architecture.Builder builder, int features, Config config) {
        int in = features;
        int place = 0;
        for (int hidden : config.hidden) {
            builder.add("classifier." + place, new Layer.Linear(in, hidden, true))
                    .add("classifier." + (place + 1), new Layer.Relu());
            in = hidden;
            place += CLASSIFIER_STEP;
        }
        return builder.add("classifier." + place, new Layer.Linear(in, config.classes, true))
                .build();
    }
}
