package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** RegNet X and Y as torchvision keeps them. */
public final class RegNetRecogniser implements Recogniser {

    private static final int IMAGE = 224;
    private static final double EPSILON = 1e-5;

    @Override
    public String name() {
        return "regnet";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (String prefix : tensors.prefixes("trunk_output.block1.block1-0.f.a.0.weight")) {
            return Optional.of(read(tensors.renamed(Map.of("", prefix))));
        }
        return Optional.empty();
    }

    private static Recognition read(StateDict tensors) throws IOException {
        int colours =
                tensors.shape("stem.0.weight", "[out, in, height, width]", 4).get(1);
        Sketch sketch = new Sketch(tensors, "RegNet (torchvision)", "regnet", tensors.image(colours, IMAGE));
        sketch.convolution("stem.0", 2, "stem.1", EPSILON).add("stem.2", new Layer.Relu());
        for (int stage = 1; tensors.has(block(stage, 0) + ".f.a.0.weight"); stage++) {
            for (int b = 0; tensors.has(block(stage, b) + ".f.a.0.weight"); b++) {
                block(sketch, block(stage, b), b == 0 ? 2 : 1);
            }
        }
        return sketch.meanAndLinear("fc")
                .assume("ReLU, and a stride of 2 where stages start", 0.95)
                .finish();
    }

    private static String block(int stage, int block) {
        return "trunk_output.block" + stage + ".block" + stage + "-" + block;
    }

    private static void block(Sketch sketch, String block, int stride) throws FormatException {
        StateDict tensors = sketch.tensors();
        String input = sketch.last();
        String at = block + ".f.";
        String shortcut = input;
        if (tensors.has(block + ".proj.0.weight")) {
            sketch.convolution(block + ".proj.0", stride, block + ".proj.1", EPSILON);
            shortcut = sketch.last();
        }
        sketch.convolution(at + "a.0", 1, input)
                .batchNorm(at + "a.1", EPSILON)
                .add(at + "a.2", new Layer.Relu())
                .convolution(at + "b.0", stride, at + "b.1", EPSILON)
                .add(at + "b.2", new Layer.Relu());
        if (tensors.has(at + "se.fc1.weight")) {
            sketch.squeeze(at + "se", at + "se.fc1", at + "se.fc2", new Layer.Relu(), new Layer.Sigmoid());
        }
        sketch.convolution(at + "c.0", 1, at + "c.1", EPSILON);
        sketch.sum(block + ".add", shortcut, sketch.last()).add(block + ".relu", new Layer.Relu());
    }
}
