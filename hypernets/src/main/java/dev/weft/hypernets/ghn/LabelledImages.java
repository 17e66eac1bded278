package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.weft.network.Architecture;
import java.util.Arrays;

/** Images with classes that predicted networks are trained and judged on. */
public interface LabelledImages {

    /** Returns the number of images. */
    int size();

    /**
     * Returns some images as networks read them.
     *
     * @param numbers in [0, size)
     * @return [b, channels, height, width], owned by the manager
     */
    NDArray images(NDManager manager, int[] numbers);

    /** Returns the class of an image. */
    int label(int number);

    /**
     * Refuses a network that reads other images, where their form is known.
     *
     * @throws IllegalArgumentException if it does
     */
    default void requireReadBy(Architecture architecture) {}

    /** Returns the classes of some images [b], as whole numbers of 64 bits. */
    default NDArray answers(NDManager manager, int[] numbers) {
        return manager.create(Arrays.stream(labels(numbers)).asLongStream().toArray());
    }

    /** Returns the classes of some images. */
    default int[] labels(int[] numbers) {
        int[] labels = new int[numbers.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = label(numbers[i]);
        }
        return labels;
    }
}
