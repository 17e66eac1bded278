package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import java.util.List;

/** Residual networks (He et al. 2016), named as torchvision names them: {@code layer1.0.conv1.weight}. */
public final class ResNet {

    private static final double EPSILON = 1e-5;
    private static final int EXPANSION = 4; // of a bottleneck's output

    private ResNet() {}

    /**
     * The form of the networks.
     *
     * @param input images
     * @param bottleneck whether blocks are 1 x 1, 3 x 3, 1 x 1 with four times the channels, or two 3 x 3
     * @param blocks in each stage
     * @param width channels of the first stage; each next has twice as many
     * @param stem whether the first convolution is 7 x 7 with stride 2 and a max pool behind it, or 3 x 3 (small images)
     * @param classes outputs
     */
    public record Config(
            Input.Image input, boolean bottleneck, List<Integer> blocks, int width, boolean stem, int classes) {}

    private static Config imageNet(boolean bottleneck, Integer... blocks) {
        return new Config(new Input.Image(3, 224, 224), bottleneck, List.of(blocks), 64, true, 1000);
    }

    /** ResNet-18 for 1,000 classes: 11,689,512 parameters. */
    public static Config resNet18() {
        return imageNet(false, 2, 2, 2, 2);
    }

    /** ResNet-34 for 1,000 classes: 21,797,672 parameters. */
    public static Config resNet34() {
        return imageNet(false, 3, 4, 6, 3);
    }

    /** ResNet-50 for 1,000 classes: 25,557,032 parameters. */
    public static Config resNet50() {
        return imageNet(true, 3, 4, 6, 3);
    }

    public static Architecture of(Config config) {
        Architecture.Builder builder = Architecture.builder("resnet", config.input);
        int channels = stem(builder, config);
        for (int stage = 0; stage < config.blocks.size(); stage++) {
            int width = config.width << stage;
            for (int b = 0; b < config.blocks.get(stage); b++) {
                String name = "layer" + (stage + 1) + "." + b;
                int stride = b == 0 && stage > 0 ? 2 : 1;
                channels = block(builder, name, channels, width, stride, config.bottleneck);
            }
        }
        return builder.add("avgpool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(channels, config.classes, true))
                .build();
    }

    private static int stem(Architecture.Builder builder, Config config) {
        int in = config.input.channels();
        builder.add(
                "conv1",
                config.stem
                        ? Convolution.square(in, config.width, 7, 2, 3, false)
                        : Convolution.square(in, config.width, 3, 1, 1, false));
        builder.add("bn1", norm(config.width)).add("relu", new Layer.Relu());
        if (config.stem) {
            builder.add("maxpool", new Pooling.MaxPool(List.of(3, 3), List.of(2, 2), List.of(1, 1)));
        }
        return config.width;
    }

    /** Appends a block and returns its output channels. */
    private static int block(
            Architecture.Builder builder, String name, int in, int width, int stride, boolean bottleneck) {
        String input = builder.last();
        int out = bottleneck ? width * EXPANSION : width;
        if (bottleneck) {
            builder.add(name + ".conv1", Convolution.square(in, width, 1, 1, 0, false))
                    .add(name + ".bn1", norm(width))
                    .add(name + ".relu1", new Layer.Relu())
                    .add(name + ".conv2", Convolution.square(width, width, 3, stride, 1, false))
                    .add(name + ".bn2", norm(width))
                    .add(name + ".relu2", new Layer.Relu())
                    .add(name + ".conv3", Convolution.square(width, out, 1, 1, 0, false))
                    .add(name + ".bn3", norm(out));
        } else {
            builder.add(name + ".conv1", Convolution.square(in, width, 3, stride, 1, false))
                    .add(name + ".bn1", norm(width))
                    .add(name + ".relu1", new Layer.Relu())
                    .add(name + ".conv2", Convolution.square(width, width, 3, 1, 1, false))
                    .add(name + ".bn2", norm(width));
        }
        String branch = builder.last();
        if (stride != 1 || in != out) {
            builder.add(name + ".downsample.0", Convolution.square(in, out, 1, stride, 0, false), input)
                    .add(name + ".downsample.1", norm(out));
            input = builder.last();
        }
        builder.add(name + ".add", new Junction.Add(), branch, input).add(name + ".relu", new Layer.Relu());
        return out;
    }

    private static Norm.BatchNorm norm(int channels) {
        return new Norm.BatchNorm(channels, EPSILON, true, true);
    }
}
