package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** VGG with and without batch norms, and AlexNet, as torchvision keeps them: gaps between the numbers tell where pools are. */
public final class VggRecogniser implements Recogniser {

    private static final double EPSILON = 1e-5;
    private static final int IMAGE = 224;
    private static final int ALEX_KERNEL = 11;
    private static final int ALEX_STRIDE = 4;

    @Override
    public String name() {
        return "vgg";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        for (String prefix : tensors.prefixes("features.0.weight")) {
            StateDict named = tensors.renamed(Map.of("", prefix));
            boolean classifier = named.has("classifier.0.weight") && named.has("classifier.3.weight");
            boolean alex = named.has("classifier.1.weight") && named.has("classifier.4.weight");
            boolean timm = named.has("pre_logits.fc1.weight") && named.has("head.fc.weight");
            if (classifier || alex || timm) {
                return Optional.of(read(named, alex, timm));
            }
        }
        return Optional.empty();
    }

    private static Recognition read(StateDict tensors, boolean alex, boolean timm) throws IOException {
        List<Integer> first = tensors.shape("features.0.weight", "[out, in, height, width]", 4);
        Sketch sketch = new Sketch(
                tensors,
                alex ? "AlexNet (torchvision)" : timm ? "VGG (timm)" : "VGG (torchvision)",
                alex ? "alexnet" : "vgg",
                tensors.image(first.get(1), IMAGE));
        int place = 0;
        while (tensors.has("features." + place + ".weight")) {
            place = convolution(sketch, place, alex);
        }
        sketch.assume("ReLU, and max pools where numbers are left out", 0.95);
        if (timm) {
            return sketch.convolution("pre_logits.fc1", 1, List.of(0, 0), sketch.last())
                    .add("pre_logits.act1", new Layer.Relu())
                    .convolution("pre_logits.fc2", 1)
                    .add("pre_logits.act2", new Layer.Relu())
                    .meanAndLinear("head.fc")
                    .finish();
        }
        int start = alex ? 1 : 0;
        int features =
                tensors.shape("classifier." + start + ".weight", "[out, in]", 2).get(1);
        int grid = (int) Math.round(Math.sqrt((double) features / sketch.width(sketch.last())));
        sketch.add("avgpool", new Pooling.AdaptiveAvgPool(List.of(Math.max(1, grid), Math.max(1, grid))))
                .add("flatten", new Reshaping.Flatten(), features, sketch.last());
        classifier(sketch, start);
        return sketch.finish();
    }

    /** Appends a convolution, its norm, ReLU and perhaps a pool, and returns the next one's number. */
    private static int convolution(Sketch sketch, int at, boolean alex) throws FormatException {
        StateDict tensors = sketch.tensors();
        String name = "features." + at;
        if (alex
                && tensors.shape(name + ".weight", "[out, in, height, width]", 4)
                                .get(2)
                        == ALEX_KERNEL) {
            sketch.convolution(name, ALEX_STRIDE, List.of(2, 2), sketch.last());
        } else {
            sketch.convolution(name, 1);
        }
        int place = at + 1;
        if (tensors.has("features." + place + ".running_mean")) {
            sketch.batchNorm("features." + place, EPSILON);
            place++;
        }
        sketch.add("features." + place, new Layer.Relu());
        place++;
        if (tensors.has("features." + place + ".weight")) {
            return place;
        }
        int window = alex ? 3 : 2;
        sketch.add("features." + place, new Pooling.MaxPool(List.of(window, window), List.of(2, 2), List.of(0, 0)));
        return place + 1;
    }

    /** Linear layers with ReLU between them; what else has a number is dropout. */
    private static void classifier(Sketch sketch, int first) throws FormatException {
        StateDict tensors = sketch.tensors();
        int place = first;
        int last = place;
        while (last - place <= 3) {
            if (tensors.has("classifier." + last + ".weight")) {
                if (last > place) {
                    sketch.add("classifier." + (place + 1), new Layer.Relu());
                }
                sketch.linear("classifier." + last);
                place = last;
            }
            last++;
        }
    }
}
