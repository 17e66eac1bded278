package dev.weft.cli.service;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.weft.cli.graph.Subject;
import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.Problem;
import dev.weft.datasets.inr.PixelGrid;
import dev.weft.network.Architecture;
import dev.weft.network.run.FunctionalNetwork;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * The picture that an implicit network draws: its outputs over the square from -1 to 1, x before y, 0 black and 1 full. A few
 * points are computed at once, so that wide networks take no more memory than others.
 */
final class InrPicture {

    static final int MAX_SIDE = 512;

    private static final int POINTS = 4096;

    private InrPicture() {}

    /**
     * Draws a network.
     *
     * @param side in pixels
     */
    static BufferedImage draw(Subject subject, int side, Deadline deadline) throws IOException {
        if (side < 1 || side > MAX_SIDE) {
            throw new IllegalArgumentException("side: expected 1 to " + MAX_SIDE + ", found " + side);
        }
        Architecture architecture = subject.architecture();
        List<Integer> in = architecture.formOf(Architecture.INPUT).shape();
        List<Integer> out = architecture.outputForm().shape();
        float[] row = subject.row();
        if (row == null || !in.equals(List.of(2)) || !(out.equals(List.of(1)) || out.equals(List.of(3)))) {
            throw Problem.INVALID_VALUE.because("expected a network that makes 1 or 3 values of 2 coordinates, found "
                    + architecture + ", which makes " + out + " of " + in);
        }
        float[] values = values(architecture, row, side, out.get(0), deadline);
        return image(values, side, out.get(0));
    }

    private static float[] values(Architecture architecture, float[] row, int side, int channels, Deadline deadline) {
        float[] points = new PixelGrid(side, side, PixelGrid.Order.XY).coordinates();
        float[] values = new float[side * side * channels];
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            NDArray rows = manager.create(row, new Shape(1, row.length));
            FunctionalNetwork network = new FunctionalNetwork(architecture);
            for (int from = 0; from < side * side; from += POINTS) {
                int count = Math.min(POINTS, side * side - from);
                if (deadline.left() < 0) {
                    throw Problem.TIMED_OUT.because("the picture was not drawn in time");
                }
                try (NDManager sub = manager.newSubManager();
                        NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray some =
                            sub.create(Arrays.copyOfRange(points, 2 * from, 2 * (from + count)), new Shape(count, 2));
                    float[] part = network.forward(rows, some).toFloatArray();
                    System.arraycopy(part, 0, values, from * channels, part.length);
                }
            }
        }
        return values;
    }

    private static BufferedImage image(float[] values, int side, int channels) {
        BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < side * side; pixel++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                float value = values[pixel * channels + Math.min(c, channels - 1)];
                rgb = rgb << 8 | Math.round(255 * Math.max(0, Math.min(1, value))); // NaN is black
            }
            image.setRGB(pixel % side, pixel / side, rgb);
        }
        return image;
    }
}
