package dev.weft.graph;

import dev.weft.network.NeuronBlock;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Where the neurons of one block are drawn: below each other, centred, and for tall blocks only the first and the last
 * with a gap between them.
 *
 * @param block the block
 * @param x of all circles
 * @param neurons places in the block of the neurons that are drawn, in order
 * @param y of each of {@code neurons}
 * @param radius of the circles
 */
record SvgColumn(NeuronBlock block, double x, int[] neurons, double[] y, double radius) {

    private static final double WIDEST_STEP = 46;
    private static final double LARGEST_RADIUS = 10;
    private static final double GAP = 3; // steps between the first and the last neurons of a tall block

    /**
     * Places a block.
     *
     * @param most neurons that are drawn, an even number
     */
    static SvgColumn of(NeuronBlock block, int most, double x, double top, double height) {
        int size = block.size();
        int head = size > most ? most / 2 : size; // neurons above the gap
        int[] neurons = IntStream.range(0, Math.min(size, most))
                .map(i -> i < head ? i : size - most + i)
                .toArray();
        double[] steps = IntStream.range(0, neurons.length)
                .mapToDouble(i -> i < head ? i : i + GAP - 1)
                .toArray();
        double last = steps[steps.length - 1];
        double step = Math.min(Math.max(WIDEST_STEP, height / 8), height / Math.max(1, last));
        double start = top + (height - last * step) / 2;
        double[] y = DoubleStream.of(steps).map(s -> start + step * s).toArray();
        return new SvgColumn(block, x, neurons, y, Math.min(LARGEST_RADIUS, step * 0.4));
    }

    /** Returns the height that a block wants at the widest step. */
    static double wantedHeight(NeuronBlock block) {
        return (block.size() - 1) * WIDEST_STEP;
    }

    boolean abbreviated() {
        return neurons.length < block.size();
    }

    /** Returns the middle of the gap of an abbreviated column. */
    double gap() {
        return (y[y.length / 2 - 1] + y[y.length / 2]) / 2;
    }
}
