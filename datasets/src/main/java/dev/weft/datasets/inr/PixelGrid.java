package dev.weft.datasets.inr;

/**
 * The points at which an INR is read, pixels in row-major order: both axes run evenly from -1 to 1 over the centres of
 * the first and last pixel (an axis of one pixel is at 0).
 *
 * @param height number of rows
 * @param width number of columns
 * @param order which coordinate a network's first input is
 */
public record PixelGrid(int height, int width, Order order) {

    /** The order of the two inputs; the published data sets differ. */
    public enum Order {
        /** First input x (column), second y (row): DWSNets' data. */
        XY,
        /** First input y (row), second x (column): NFN's data. */
        IJ
    }

    /** The most pixels on a side. */
    public static final int SIDE_MAX = 1 << 14;

    public PixelGrid {
        if (height < 1 || width < 1 || height > SIDE_MAX || width > SIDE_MAX) {
            throw new IllegalArgumentException(
                    "a grid has 1 to " + SIDE_MAX + " pixels a side, got " + height + " x " + width);
        }
    }

    /** Returns the number of points. */
    public int pixels() {
        return height * width;
    }

    /** Returns the points [pixels, 2]. */
    public float[] coordinates() {
        float[] points = new float[2 * pixels()];
        int column = order == Order.XY ? 0 : 1;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int start = 2 * (y * width + x);
                points[start + column] = position(x, width);
                points[start + 1 - column] = position(y, height);
            }
        }
        return points;
    }

    private static float position(int i, int count) {
        return count == 1 ? 0 : (float) (-1 + 2.0 * i / (count - 1));
    }
}
