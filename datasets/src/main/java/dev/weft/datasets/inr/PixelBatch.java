package dev.weft.datasets.inr;

/** Pixels as a network sees them: coordinates in and targets out, one array each, so that loops run over pixels. */
final class PixelBatch {

    /** [2][capacity]. */
    final float[][] coordinates;
    /** [channels][capacity], without the recipe's constant offset: what the last layer should give. */
    final float[][] targets;

    private int size;

    PixelBatch(int channels, int capacity) {
        coordinates = new float[2][capacity];
        targets = new float[channels][capacity];
    }

    /** Returns all pixels of a grid, without targets. */
    static PixelBatch of(PixelGrid grid, int channels) {
        PixelBatch batch = new PixelBatch(channels, grid.pixels());
        float[] points = grid.coordinates();
        for (int p = 0; p < grid.pixels(); p++) {
            batch.coordinates[0][p] = points[2 * p];
            batch.coordinates[1][p] = points[2 * p + 1];
        }
        batch.size = grid.pixels();
        return batch;
    }

    /** The number of pixels, at most the capacity. */
    int size() {
        return size;
    }

    int channels() {
        return targets.length;
    }

    /** Sets the targets of all pixels to an image [height, width, channels] with values in [0, 1]. */
    void target(float[] image, InrRecipe recipe) {
        float offset = (float) recipe.offset();
        for (int c = 0; c < channels(); c++) {
            for (int p = 0; p < size; p++) {
                targets[c][p] = recipe.range().target(image[p * channels() + c]) - offset;
            }
        }
    }

    /** Makes this the {@code count} pixels that {@code order} names from {@code first} on. */
    void gather(PixelBatch source, int[] order, int first, int count) {
        size = count;
        for (int c = 0; c < coordinates.length; c++) {
            gather(source.coordinates[c], order, first, coordinates[c]);
        }
        for (int c = 0; c < targets.length; c++) {
            gather(source.targets[c], order, first, targets[c]);
        }
    }

    private void gather(float[] source, int[] order, int first, float[] target) {
        for (int p = 0; p < size; p++) {
            target[p] = source[order[first + p]];
        }
    }
}
