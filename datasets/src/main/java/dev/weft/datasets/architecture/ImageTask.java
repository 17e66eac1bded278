package dev.weft.datasets.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.datasets.training.Examples;
import dev.weft.datasets.training.LearningTask;
import dev.weft.hypernets.ghn.LabelledImages;
import dev.weft.network.Architecture;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Telling the classes of images that hypernetworks are trained on, for networks that are trained by themselves. */
public final class ImageTask implements LearningTask {

    private final LabelledImages training;
    private final LabelledImages testing;
    private final int classes;

    /** @param classes that networks tell apart */
    public ImageTask(LabelledImages training, LabelledImages testing, int classes) {
        this.training = training;
        this.testing = testing;
        this.classes = classes;
    }

    @Override
    public String name() {
        return "images";
    }

    @Override
    public int size() {
        return training.size();
    }

    @Override
    public int testSize() {
        return testing.size();
    }

    @Override
    public void check(Architecture architecture) {
        training.requireReadBy(architecture);
        List<Integer> output = architecture.outputForm().shape();
        if (!output.equals(List.of(classes))) {
            throw new IllegalArgumentException(
                    "there are " + classes + " classes, " + architecture + " puts out " + output);
        }
    }

    @Override
    public Examples training(NDManager manager, Architecture architecture, int[][] numbers) {
        int[] all = Arrays.stream(numbers).flatMapToInt(Arrays::stream).toArray();
        long m = numbers[0].length;
        NDArray images = training.images(manager, all);
        Shape shape = new Shape(numbers.length, m).addAll(images.getShape().slice(1));
        return new Examples(
                images.reshape(shape), training.answers(manager, all).reshape(numbers.length, m));
    }

    @Override
    public Examples testing(NDManager manager, Architecture architecture, int from, int to) {
        int[] numbers = IntStream.range(from, to).toArray();
        return new Examples(
                testing.images(manager, numbers),
                testing.answers(manager, numbers).expandDims(0));
    }

    @Override
    public Map<String, String> provenance() {
        return Map.of("training", String.valueOf(training.size()), "testing", String.valueOf(testing.size()));
    }
}
