package dev.weft.datasets.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Split;
import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.ImageSource;
import dev.weft.network.Input;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NetworkImagesTest {

    @Test
    void digitsAreSplitResizedAndStandardised() throws IOException {
        try (ImageSource digits = Digits.load();
                NDManager manager = NDManager.newBaseManager()) {
            Map<Split, NetworkImages> images =
                    NetworkImages.of(digits, new Input.Image(3, 16, 16), 1.0 / 6, 1.0 / 6, new Seed(1));
            assertEquals(
                    1797, images.values().stream().mapToInt(NetworkImages::size).sum());
            NetworkImages training = images.get(Split.TRAIN);
            int[] all = IntStream.range(0, training.size()).toArray();
            NDArray pixels = training.images(manager, all);
            assertEquals(new Shape(training.size(), 3, 16, 16), pixels.getShape());
            assertEquals(0, pixels.mean().getFloat(), 1e-4);
            assertEquals(1, pixels.square().mean().getFloat(), 1e-3);
            assertEquals(pixels.get(":, 0"), pixels.get(":, 2"), "grey in every channel");
        }
    }
}
