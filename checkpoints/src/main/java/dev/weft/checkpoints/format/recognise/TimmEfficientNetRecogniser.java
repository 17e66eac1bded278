package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** EfficientNet (B0 to B8, lite) and MobileNet V2 as timm keeps them; with gates SiLU is assumed, without them ReLU6. */
public final class TimmEfficientNetRecogniser implements Recogniser {

    private static final int IMAGE = 224;
    private static final List<Integer> STRIDES = List.of(1, 2, 2, 2, 1, 2, 1);
    private static final double EPSILON = 1e-5;

    @Override
    public String name() {
        return "efficientnet-timm";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (String prefix : tensors.prefixes("conv_stem.weight")) {
            StateDict named = tensors.renamed(Map.of("", prefix));
            if (named.has("blocks.0.0.conv_dw.weight")) {
                requireSupported(named);
                return Optional.of(read(named));
            }
        }
        return Optional.empty();
    }

    private static void requireSupported(StateDict tensors) throws FormatException {
        String architecture = tensors.configOrEmpty().text("architecture", "");
        if (architecture.startsWith("tf_")) {
            throw tensors.unsupported(
                    "TensorFlow's padding, which is not the same on both sides (" + architecture + ")");
        }
        if (architecture.matches("(semnasnet|spnasnet|mnasnet|fbnet).*")) {
            throw tensors.unsupported(
                    "'" + architecture + "', which has the tensors of MobileNet V2 but other activations");
        }
        if (!tensors.has("bn2.running_mean")) {
            throw tensors.unsupported("MobileNet V3 of timm, whose activations no tensor tells; give --arch");
        }
        for (int stage = 0; stage < STRIDES.size(); stage++) {
            if (!tensors.has("blocks." + stage + ".0.conv_dw.weight")) {
                throw tensors.unsupported("an EfficientNet of timm other than B0 to B8 and lite: its stage " + stage
                        + " has no depthwise convolution");
            }
        }
    }

    private static Recognition read(StateDict tensors) throws IOException {
        boolean gates = tensors.has("blocks.1.0.se.conv_reduce.weight");
        Layer.Activation act = gates ? new Layer.Silu() : new Layer.Relu6();
        int colours =
                tensors.shape("conv_stem.weight", "[out, in, height, width]", 4).get(1);
        Sketch sketch = new Sketch(
                tensors,
                gates ? "EfficientNet (timm)" : "MobileNet V2 (timm)",
                gates ? "efficientnet" : "mobilenet-v2",
                tensors.image(colours, IMAGE));
        sketch.convolution("conv_stem", 2, "bn1", EPSILON).add("act1", act);
        for (int stage = 0; stage < STRIDES.size(); stage++) {
            int blocks = tensors.count("blocks." + stage + ".", ".conv_dw.weight");
            for (int b = 0; b < blocks; b++) {
                block(sketch, "blocks." + stage + "." + b, b == 0 ? STRIDES.get(stage) : 1, act);
            }
        }
        return sketch.convolution("conv_head", 1, "bn2", EPSILON)
                .add("act2", act)
                .meanAndLinear("classifier")
                .assume(
                        "the strides of the published networks, padding on all sides, and "
                                + (gates ? "SiLU" : "ReLU6"),
                        0.9)
                .finish();
    }

    /** Expansion (but in the first stage), depthwise, gates, projection without activation. */
    private static void block(Sketch sketch, String block, int stride, Layer.Activation act) throws FormatException {
        StateDict tensors = sketch.tensors();
        String input = sketch.last();
        String at = block + ".";
        boolean expands = tensors.has(at + "conv_pwl.weight");
        if (expands) {
            sketch.convolution(at + "conv_pw", 1, at + "bn1", EPSILON).add(at + "act1", act);
        }
        sketch.convolution(at + "conv_dw", stride, at + (expands ? "bn2" : "bn1"), EPSILON)
                .add(at + "act2", act);
        if (tensors.has(at + "se.conv_reduce.weight")) {
            sketch.squeeze(at + "se", at + "se.conv_reduce", at + "se.conv_expand", act, new Layer.Sigmoid());
        }
        sketch.convolution(at + (expands ? "conv_pwl" : "conv_pw"), 1, at + (expands ? "bn3" : "bn2"), EPSILON);
        if (stride == 1 && sketch.width(input) == sketch.width(sketch.last())) {
            sketch.sum(at + "add", input, sketch.last());
        }
    }
}
