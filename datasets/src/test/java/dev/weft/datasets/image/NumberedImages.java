package dev.weft.datasets.image;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Images that can be told apart, of any size: pixel p of image i is {@code (i + slope * p) mod 256 / 255}.
 *
 * @param name of the source
 * @param slope 0 for images of one value
 * @param labels of the images, which are as many
 */
public record NumberedImages(String name, int height, int width, int channels, int slope, int... labels)
        implements ImageSource {

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public float[] image(int index) {
        float[] image = new float[height * width * channels];
        for (int p = 0; p < image.length; p++) {
            image[p] = (index + slope * p) % 256 / 255f;
        }
        return image;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public String reference(int index) {
        return name + "/" + index;
    }

    @Override
    public List<String> classes() {
        return IntStream.range(0, 3).mapToObj(Integer::toString).toList();
    }

    @Override
    public DataCard card() {
        return new DataCard(name, "1", "sha256:" + name, "MIT", "", size());
    }
}
