package dev.weft.hypernets.ghn;

import dev.weft.graph.ComputationNode;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Rows of the tables that encode a tensor's shape: known numbers of channels and extents of kernels, and one row more for
 * nodes without a shape.
 *
 * <p>A number between two known ones takes the nearest, of two as near the smaller; beyond the greatest, the greatest. As in the
 * published tables, 4 to 7 channels are encoded as 8, and an extent of 2 as 3.
 */
final class ShapeVocabulary {

    private static final int STEP = 8; // channels up to 64
    private static final int WIDE_STEP = 16; // to 4096
    private static final int WIDEST_STEP = 32; // to 8192
    private static final int LEAST_EXTENT = 12;

    private final NavigableMap<Integer, Integer> channels = new TreeMap<>();
    private final NavigableMap<Integer, Integer> extents = new TreeMap<>();

    ShapeVocabulary(int kernel, int classes) {
        List.of(1, 3, classes).forEach(value -> channels.put(value, 0));
        put(channels, 8, 64, STEP);
        put(channels, 64, 4096, WIDE_STEP);
        put(channels, 4096, 8193, WIDEST_STEP);
        put(extents, 1, Math.max(LEAST_EXTENT, kernel), 2);
        List.of(14, 16).forEach(value -> extents.put(value, 0));
        number(channels);
        number(extents);
    }

    private static void put(NavigableMap<Integer, Integer> map, int from, int to, int step) {
        for (int value = from; value < to; value += step) {
            map.put(value, 0);
        }
    }

    private static void number(NavigableMap<Integer, Integer> map) {
        int row = 0;
        for (int value : List.copyOf(map.keySet())) {
            map.put(value, row++);
        }
    }

    /** Returns the number of rows for channels, the one for no shape included. */
    int channelRows() {
        return channels.size() + 1;
    }

    /** Returns the number of rows for extents of kernels, the one for no shape included. */
    int extentRows() {
        return extents.size() + 1;
    }

    /** Returns the rows of a node's output channels, input channels, height and width. */
    int[] rows(ComputationNode node) {
        List<Integer> shape = node.shape();
        if (shape.isEmpty()) {
            return new int[] {channels.size(), channels.size(), extents.size(), extents.size()};
        }
        int[] four = canonical(shape);
        return new int[] {channelRow(four[0]), channelRow(four[1]), extentRow(four[2]), extentRow(four[3])};
    }

    private int channelRow(int value) {
        return row(channels, value > 3 && value < STEP ? STEP : value);
    }

    private int extentRow(int value) {
        return row(extents, value == 2 ? 3 : value);
    }

    /** Brings a shape to [out, in, height, width]; a table of positions [1, length, size] to [1, size, side, side]. */
    static int[] canonical(List<Integer> shape) {
        if (shape.size() == 3 && shape.get(0) == 1) {
            int side = (int) Math.sqrt(shape.get(1));
            return new int[] {1, shape.get(2), side, side};
        }
        return IntStream.range(0, 4)
                .map(axis -> axis < shape.size() ? shape.get(axis) : 1)
                .toArray();
    }

    private static int row(NavigableMap<Integer, Integer> known, int value) {
        Integer below = known.floorKey(value);
        Integer above = known.ceilingKey(value);
        if (above == null) {
            return known.lastEntry().getValue();
        }
        boolean lower = below != null && value - below <= above - value;
        return known.getOrDefault(lower ? below : above, 0);
    }
}
