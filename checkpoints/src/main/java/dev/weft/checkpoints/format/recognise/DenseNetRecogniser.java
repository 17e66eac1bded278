package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** DenseNet as torchvision and timm keep it: each layer reads all before it in its block, side by side. */
public final class DenseNetRecogniser implements Recogniser {

    private static final int IMAGE = 224;
    private static final double EPSILON = 1e-5;

    @Override
    public String name() {
        return "densenet";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (String prefix : tensors.prefixes("features.denseblock1.denselayer1.conv1.weight")) {
            return Optional.of(read(tensors.renamed(Map.of("", prefix))));
        }
        return Optional.empty();
    }

    private static Recognition read(StateDict tensors) throws IOException {
        int colours = tensors.shape("features.conv0.weight", "[out, in, height, width]", 4)
                .get(1);
        Sketch sketch = new Sketch(tensors, "DenseNet (torchvision)", "densenet", tensors.image(colours, IMAGE));
        sketch.convolution("features.conv0", 2, "features.norm0", EPSILON)
                .add("features.relu0", new Layer.Relu())
                .add("features.pool0", new Pooling.MaxPool(List.of(3, 3), List.of(2, 2), List.of(1, 1)));
        for (int block = 1; tensors.has("features.denseblock" + block + ".denselayer1.conv1.weight"); block++) {
            for (int l = 1; tensors.has(layer(block, l) + "conv1.weight"); l++) {
                layer(sketch, layer(block, l));
            }
            String transition = "features.transition" + block + ".";
            if (tensors.has(transition + "conv.weight")) {
                sketch.batchNorm(transition + "norm", EPSILON)
                        .add(transition + "relu", new Layer.Relu())
                        .convolution(transition + "conv", 1)
                        .add(
                                transition + "pool",
                                new Pooling.AvgPool(List.of(2, 2), List.of(2, 2), List.of(0, 0), true));
            }
        }
        return sketch.batchNorm("features.norm5", EPSILON)
                .add("features.relu5", new Layer.Relu())
                .meanAndLinear("classifier")
                .assume("ReLU and the published pools", 0.95)
                .finish();
    }

    private static String layer(int block, int layer) {
        return "features.denseblock" + block + ".denselayer" + layer + ".";
    }

    private static void layer(Sketch sketch, String at) throws FormatException {
        String input = sketch.last();
        sketch.batchNorm(at + "norm1", EPSILON)
                .add(at + "relu1", new Layer.Relu())
                .convolution(at + "conv1", 1, at + "norm2", EPSILON)
                .add(at + "relu2", new Layer.Relu())
                .convolution(at + "conv2", 1);
        int width = sketch.width(input) + sketch.width(sketch.last());
        sketch.add(at + "concat", new Junction.Concat(), width, input, sketch.last());
    }
}
