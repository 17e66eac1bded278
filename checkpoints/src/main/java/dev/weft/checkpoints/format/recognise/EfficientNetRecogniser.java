package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** EfficientNet and EfficientNet V2 as torchvision keeps them; the strides of stages are the published ones. */
public final class EfficientNetRecogniser implements Recogniser {

    private static final int IMAGE = 224;
    private static final List<Integer> STRIDES = List.of(1, 2, 2, 2, 1, 2, 1);
    private static final double EPSILON = 1e-5;
    private static final double LARGE_EPSILON = 1e-3; // B5 and larger, and V2
    private static final int LARGE = 2048; // channels before the classifier, from B5 on

    @Override
    public String name() {
        return "efficientnet";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (String prefix : tensors.prefixes("features.1.0.block.0.0.weight")) {
            StateDict named = tensors.renamed(Map.of("", prefix));
            if (named.has("features.0.0.weight") && named.has("features.0.1.running_mean")) {
                return Optional.of(read(named));
            }
        }
        return Optional.empty();
    }

    private static Recognition read(StateDict tensors) throws IOException {
        int stages = 0;
        while (tensors.has("features." + (stages + 1) + ".0.block.0.0.weight")) {
            stages++;
        }
        String last = "features." + (stages + 1) + ".";
        if (stages > STRIDES.size()) {
            throw tensors.unsupported("an EfficientNet of " + stages + " stages, whose strides no tensor tells");
        }
        boolean fused = !tensors.has("features.2.0.block.2.fc1.weight");
        int channels =
                tensors.shape(last + "0.weight", "[out, in, height, width]", 4).get(0);
        double epsilon = fused || channels >= LARGE ? LARGE_EPSILON : EPSILON;
        int colours = tensors.shape("features.0.0.weight", "[out, in, height, width]", 4)
                .get(1);
        Sketch sketch = new Sketch(
                tensors,
                (fused ? "EfficientNet V2" : "EfficientNet") + " (torchvision)",
                "efficientnet",
                tensors.image(colours, IMAGE));
        sketch.convolution("features.0.0", 2, "features.0.1", epsilon).add("features.0.2", new Layer.Silu());
        for (int stage = 1; stage <= stages; stage++) {
            int blocks = tensors.count("features." + stage + ".", ".block.0.0.weight");
            for (int b = 0; b < blocks; b++) {
                block(sketch, "features." + stage + "." + b, b == 0 ? STRIDES.get(stage - 1) : 1, epsilon);
            }
        }
        return sketch.convolution(last + "0", 1, last + "1", epsilon)
                .add(last + "2", new Layer.Silu())
                .meanAndLinear("classifier.1")
                .assume("the strides and norms of the published networks, SiLU", 0.95)
                .finish();
    }

    /** The stride is that of the first convolution with a kernel; the last one has no activation unless it is the only one. */
    private static void block(Sketch sketch, String block, int stride, double epsilon) throws FormatException {
        StateDict tensors = sketch.tensors();
        String input = sketch.last();
        boolean moved = false;
        for (int part = 0; isPart(tensors, block, part); part++) {
            String at = block + ".block." + part + ".";
            if (tensors.has(at + "fc1.weight")) {
                sketch.squeeze(block + ".block." + part, at + "fc1", at + "fc2", new Layer.Silu(), new Layer.Sigmoid());
                continue;
            }
            boolean kernel = tensors.shape(at + "0.weight", "[out, in, height, width]", 4)
                            .get(2)
                    > 1;
            sketch.convolution(at + "0", kernel && !moved ? stride : 1, at + "1", epsilon);
            moved |= kernel;
            if (part == 0 || isPart(tensors, block, part + 1)) {
                sketch.add(at + "2", new Layer.Silu());
            }
        }
        if (stride == 1 && sketch.width(input) == sketch.width(sketch.last())) {
            sketch.sum(block + ".add", input, sketch.last());
        }
    }

    private static boolean isPart(StateDict tensors, String block, int part) {
        return tensors.has(block + ".block." + part + ".0.weight")
                || tensors.has(block + ".block." + part + ".fc1.weight");
    }
}
