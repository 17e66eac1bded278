package dev.weft.datasets.architecture;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Split;
import dev.weft.datasets.training.Examples;
import dev.weft.datasets.training.LearningTask;
import dev.weft.network.Architecture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Images that networks of a space are trained on as any other networks are, to compare them with predicted ones. */
public final class NetworkImagesTask implements LearningTask {

    private final NetworkImages training;
    private final NetworkImages testing;

    /** Takes the training and the test part of {@link NetworkImages#of}. */
    public NetworkImagesTask(Map<Split, NetworkImages> images) {
        training = Objects.requireNonNull(images.get(Split.TRAIN), "training images");
        testing = Objects.requireNonNull(images.get(Split.TEST), "test images");
    }

    @Override
    public String name() {
        return "network-images";
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
        if (!architecture.input().equals(training.input())) {
            throw new IllegalArgumentException(
                    architecture + " reads " + architecture.input() + ", but the images are " + training.input());
        }
    }

    @Override
    public Examples training(NDManager manager, Architecture architecture, int[][] numbers) {
        List<Integer> all = new ArrayList<>();
        for (int[] each : numbers) {
            Arrays.stream(each).forEach(all::add);
        }
        int[] flat = all.stream().mapToInt(Integer::intValue).toArray();
        NDArray images = training.images(manager, flat);
        return new Examples(
                images.reshape(new Shape(numbers.length, numbers[0].length)
                        .addAll(images.getShape().slice(1))),
                answers(manager, training, flat).reshape(numbers.length, numbers[0].length));
    }

    @Override
    public Examples testing(NDManager manager, Architecture architecture, int from, int to) {
        int[] numbers = IntStream.range(from, to).toArray();
        return new Examples(
                testing.images(manager, numbers),
                answers(manager, testing, numbers).expandDims(0));
    }

    private static NDArray answers(NDManager manager, NetworkImages images, int[] numbers) {
        return manager.create(
                Arrays.stream(images.labels(numbers)).asLongStream().toArray());
    }

    @Override
    public Map<String, String> provenance() {
        return Map.of("images", training.size() + " for training, " + testing.size() + " for testing");
    }
}
