package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Pooling;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** ConvNeXt as torchvision, timm, Hugging Face and the authors keep it. */
public final class ConvNextRecogniser implements Recogniser {

    private static final int IMAGE = 224;
    private static final double EPSILON = 1e-6;
    private static final double HUB_NORM = 1e-12; // of the last norm

    /**
     * What a library calls the parts, with S for the stage and B for the block.
     *
     * @param down the convolution between stages; S counts from 1
     */
    private record Names(
            String title,
            String stem,
            String stemNorm,
            String downNorm,
            String down,
            String depthwise,
            String norm,
            String expand,
            String reduce,
            String gain,
            String last,
            String head,
            int firstStage,
            int stageStep) {

        String at(String name, int stage, int block) {
            int number = firstStage + stageStep * stage;
            return name.replace("S", Integer.toString(number))
                    .replace("D", Integer.toString(number - 1))
                    .replace("B", Integer.toString(block));
        }
    }

    private static final List<Names> ALL = List.of(
            new Names(
                    "ConvNeXt (torchvision)",
                    "features.0.0",
                    "features.0.1",
                    "features.D.0",
                    "features.D.1",
                    "features.S.B.block.0",
                    "features.S.B.block.2",
                    "features.S.B.block.3",
                    "features.S.B.block.5",
                    "features.S.B.layer_scale",
                    "classifier.0",
                    "classifier.2",
                    1,
                    2),
            new Names(
                    "ConvNeXt (timm)",
                    "stem.0",
                    "stem.1",
                    "stages.S.downsample.0",
                    "stages.S.downsample.1",
                    "stages.S.blocks.B.conv_dw",
                    "stages.S.blocks.B.norm",
                    "stages.S.blocks.B.mlp.fc1",
                    "stages.S.blocks.B.mlp.fc2",
                    "stages.S.blocks.B.gamma",
                    "head.norm",
                    "head.fc",
                    0,
                    1),
            new Names(
                    "ConvNeXt (Hugging Face)",
                    "convnext.embeddings.patch_embeddings",
                    "convnext.embeddings.layernorm",
                    "convnext.encoder.stages.S.downsampling_layer.0",
                    "convnext.encoder.stages.S.downsampling_layer.1",
                    "convnext.encoder.stages.S.layers.B.dwconv",
                    "convnext.encoder.stages.S.layers.B.layernorm",
                    "convnext.encoder.stages.S.layers.B.pwconv1",
                    "convnext.encoder.stages.S.layers.B.pwconv2",
                    "convnext.encoder.stages.S.layers.B.layer_scale_parameter",
                    "convnext.layernorm",
                    "classifier",
                    0,
                    1),
            new Names(
                    "ConvNeXt (its authors)",
                    "downsample_layers.0.0",
                    "downsample_layers.0.1",
                    "downsample_layers.S.0",
                    "downsample_layers.S.1",
                    "stages.S.B.dwconv",
                    "stages.S.B.norm",
                    "stages.S.B.pwconv1",
                    "stages.S.B.pwconv2",
                    "stages.S.B.gamma",
                    "norm",
                    "head",
                    0,
                    1));

    @Override
    public String name() {
        return "convnext";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (Names names : ALL) {
            for (String prefix : tensors.prefixes(names.stem + ".weight")) {
                StateDict named = tensors.renamed(Map.of("", prefix));
                if (named.has(names.at(names.depthwise, 0, 0) + ".weight")
                        && named.has(names.at(names.expand, 0, 0) + ".weight")) {
                    return Optional.of(read(named, names));
                }
            }
        }
        return Optional.empty();
    }

    private static Recognition read(StateDict tensors, Names names) throws IOException {
        String grn = names.at(names.expand, 0, 0).replaceFirst("[^.]*$", "grn.weight");
        if (tensors.has(grn)) {
            throw tensors.unsupported("global response normalisation (ConvNeXt V2)");
        }
        List<Integer> stem = tensors.shape(names.stem + ".weight", "[out, in, height, width]", 4);
        Sketch sketch = new Sketch(tensors, names.title, "convnext", tensors.image(stem.get(1), IMAGE));
        sketch.convolution(names.stem, stem.get(2), List.of(0, 0), sketch.last())
                .layerNorm(names.stemNorm, EPSILON);
        for (int stage = 0; tensors.has(names.at(names.depthwise, stage, 0) + ".weight"); stage++) {
            String down = names.at(names.down, stage, 0);
            if (stage > 0 && tensors.has(down + ".weight")) {
                sketch.layerNorm(names.at(names.downNorm, stage, 0), EPSILON)
                        .convolution(down, 2, List.of(0, 0), sketch.last());
            }
            for (int b = 0; tensors.has(names.at(names.depthwise, stage, b) + ".weight"); b++) {
                block(sketch, names, stage, b);
            }
        }
        double epsilon =
                names.head.equals("classifier") ? tensors.configOrEmpty().number("layer_norm_eps", HUB_NORM) : EPSILON;
        sketch.add("avgpool", new Pooling.GlobalAvgPool()).layerNorm(names.last, epsilon);
        if (tensors.has(names.head + ".weight")) {
            sketch.linear(names.head);
        }
        return sketch.assume("GELU", 0.98).finish();
    }

    private static void block(Sketch sketch, Names names, int stage, int block) throws FormatException {
        String input = sketch.last();
        String expand = names.at(names.expand, stage, block);
        String reduce = names.at(names.reduce, stage, block);
        sketch.convolution(names.at(names.depthwise, stage, block), 1)
                .layerNorm(names.at(names.norm, stage, block), EPSILON);
        pixels(sketch, expand);
        Activations.add(sketch, expand + ".gelu", sketch.tensors().configOrEmpty(), "hidden_act", "gelu");
        pixels(sketch, reduce).gain(names.at(names.gain, stage, block)).sum(reduce + ".add", input, sketch.last());
    }

    /** Linear layers on channels, which some files keep as convolutions. */
    private static Sketch pixels(Sketch sketch, String name) throws FormatException {
        return sketch.tensor(name + ".weight").shape().size() == 2
                ? sketch.pointwise(name)
                : sketch.convolution(name, 1);
    }
}
