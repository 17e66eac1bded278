package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * MobileNet V2 and V3 as torchvision keeps them. Strides and V3's activations are those of the published networks, which the
 * number of blocks tells apart.
 */
public final class MobileNetRecogniser implements Recogniser {

    private static final int IMAGE = 224;
    private static final double EPSILON = 1e-5;
    private static final double EPSILON_3 = 1e-3;

    /** A published network: strides of its blocks, and how many of them have ReLU before hard swish begins (V3). */
    private record Form(String title, List<Integer> strides, int rectified) {}

    private static final Form V2 =
            new Form("MobileNet V2 (torchvision)", List.of(1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1), 17);
    private static final Form LARGE =
            new Form("MobileNet V3 large (torchvision)", List.of(1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1, 1, 2, 1, 1), 6);
    private static final Form SMALL =
            new Form("MobileNet V3 small (torchvision)", List.of(2, 2, 1, 2, 1, 1, 1, 1, 2, 1, 1), 3);

    @Override
    public String name() {
        return "mobilenet";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (String prefix : tensors.prefixes("features.0.0.weight")) {
            StateDict named = tensors.renamed(Map.of("", prefix));
            if (named.has("features.1.conv.0.0.weight")) {
                return Optional.of(second(named));
            }
            if (named.has("features.1.block.0.0.weight")) {
                return Optional.of(third(named));
            }
        }
        return Optional.empty();
    }

    private static Sketch start(StateDict tensors, Form form, String family, int blocks) throws FormatException {
        if (blocks != form.strides.size()) {
            throw tensors.unsupported("a MobileNet of " + blocks + " blocks, whose strides no tensor tells; run are "
                    + V2.strides.size() + " (V2), " + LARGE.strides.size() + " and " + SMALL.strides.size() + " (V3)");
        }
        int channels = tensors.shape("features.0.0.weight", "[out, in, height, width]", 4)
                .get(1);
        return new Sketch(tensors, form.title, family, tensors.image(channels, IMAGE))
                .assume("the strides of the published network", 0.95);
    }

    private static Recognition second(StateDict tensors) throws IOException {
        int blocks = 0;
        while (tensors.has("features." + (blocks + 1) + ".conv.0.0.weight")) {
            blocks++;
        }
        Sketch sketch = start(tensors, V2, "mobilenet-v2", blocks);
        sketch.convolution("features.0.0", 2, "features.0.1", EPSILON).add("features.0.2", new Layer.Relu6());
        for (int i = 0; i < blocks; i++) {
            inverted(sketch, "features." + (i + 1), V2.strides.get(i));
        }
        String last = "features." + (blocks + 1) + ".";
        return sketch.convolution(last + "0", 1, last + "1", EPSILON)
                .add(last + "2", new Layer.Relu6())
                .meanAndLinear("classifier.1")
                .finish();
    }

    private static void inverted(Sketch sketch, String block, int stride) throws FormatException {
        String input = sketch.last();
        String at = block + ".conv.";
        boolean expands = sketch.tensors().has(at + "3.running_mean");
        if (expands) {
            sketch.convolution(at + "0.0", 1, at + "0.1", EPSILON).add(at + "0.2", new Layer.Relu6());
        }
        int part = expands ? 1 : 0;
        sketch.convolution(at + part + ".0", stride, at + part + ".1", EPSILON)
                .add(at + part + ".2", new Layer.Relu6())
                .convolution(at + (part + 1), 1, at + (part + 2), EPSILON);
        residual(sketch, block, input, stride);
    }

    private static void residual(Sketch sketch, String block, String input, int stride) {
        if (stride == 1 && sketch.width(input) == sketch.width(sketch.last())) {
            sketch.sum(block + ".add", input, sketch.last());
        }
    }

    private static Recognition third(StateDict tensors) throws IOException {
        int blocks = 0;
        while (tensors.has("features." + (blocks + 1) + ".block.0.0.weight")) {
            blocks++;
        }
        Form form = blocks == SMALL.strides.size() ? SMALL : LARGE;
        Sketch sketch = start(tensors, form, "mobilenet-v3", blocks);
        sketch.convolution("features.0.0", 2, "features.0.1", EPSILON_3).add("features.0.2", new Layer.HardSwish());
        for (int i = 0; i < blocks; i++) {
            Layer.Activation act = i < form.rectified ? new Layer.Relu() : new Layer.HardSwish();
            gated(sketch, "features." + (i + 1), form.strides.get(i), act);
        }
        String last = "features." + (blocks + 1) + ".";
        return sketch.convolution(last + "0", 1, last + "1", EPSILON_3)
                .add(last + "2", new Layer.HardSwish())
                .add("avgpool", new Pooling.GlobalAvgPool())
                .linear("classifier.0")
                .add("classifier.1", new Layer.HardSwish())
                .linear("classifier.3")
                .finish();
    }

    private static void gated(Sketch sketch, String block, int stride, Layer.Activation act) throws FormatException {
        StateDict tensors = sketch.tensors();
        String input = sketch.last();
        int part = 0;
        while (tensors.has(block + ".block." + part + ".0.weight")
                || tensors.has(block + ".block." + part + ".fc1.weight")) {
            String at = block + ".block." + part + ".";
            if (tensors.has(at + "fc1.weight")) {
                sketch.squeeze(
                        block + ".block." + part, at + "fc1", at + "fc2", new Layer.Relu(), new Layer.HardSigmoid());
            } else {
                boolean depthwise = tensors.shape(at + "0.weight", "[out, in, height, width]", 4)
                                .get(1)
                        == 1;
                sketch.convolution(at + "0", depthwise ? stride : 1, at + "1", EPSILON_3);
                boolean last = !tensors.has(block + ".block." + (part + 1) + ".0.weight")
                        && !tensors.has(block + ".block." + (part + 1) + ".fc1.weight");
                if (!last) {
                    sketch.add(at + "2", act);
                }
            }
            part++;
        }
        residual(sketch, block, input, stride);
    }
}
