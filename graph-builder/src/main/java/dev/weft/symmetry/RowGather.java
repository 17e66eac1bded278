package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.Axis;
import dev.weft.network.AxisUnits;
import dev.weft.network.ParameterTensor;
import java.util.List;
import java.util.function.Function;

/** Permutations of blocks as a permutation of a row's positions, tensor by tensor and axis by axis. */
final class RowGather {

    private final ParameterTensor tensor;
    private final List<int[]> permutations;
    private final List<AxisUnits> axes;
    private final int[][] orders; // of the axes that do not depend on the row
    private final int[] from;

    private RowGather(Architecture architecture, ParameterTensor tensor, List<int[]> permutations) {
        this.tensor = tensor;
        this.permutations = permutations;
        this.from = new int[Math.toIntExact(tensor.size())];
        this.axes = AxisUnits.of(architecture, tensor);
        this.orders = new int[axes.size()][];
        for (int a = 0; a < orders.length; a++) {
            orders[a] = axes.get(a).relative() ? new int[0] : order(a, 0);
        }
    }

    /**
     * Returns for each of the P positions the position whose value moves there.
     *
     * @param permutations for each tensor the permutations of all blocks; the same ones for a symmetry
     */
    static int[] of(Architecture architecture, Function<ParameterTensor, List<int[]>> permutations) {
        int[] from = new int[Math.toIntExact(architecture.parameterCount())];
        for (ParameterTensor tensor : architecture.parameters()) {
            int[] places = of(architecture, tensor, permutations.apply(tensor));
            int offset = (int) tensor.offset();
            for (int i = 0; i < places.length; i++) {
                from[offset + i] = offset + places[i];
            }
        }
        return from;
    }

    /** Returns for each place in one tensor the place in it whose value moves there. */
    static int[] of(Architecture architecture, ParameterTensor tensor, List<int[]> permutations) {
        RowGather gather = new RowGather(architecture, tensor, permutations);
        gather.fill(0, 0, 0, 0);
        return gather.from;
    }

    private void fill(int axis, int row, int to, int source) {
        if (axis == orders.length) {
            from[to] = source;
            return;
        }
        int[] order = axes.get(axis).relative() ? order(axis, row) : orders[axis];
        if (axis == orders.length - 1) {
            for (int k = 0; k < order.length; k++) {
                from[to * order.length + k] = source * order.length + order[k];
            }
            return;
        }
        for (int k = 0; k < order.length; k++) {
            fill(axis + 1, axis == 0 ? k : row, to * order.length + k, source * order.length + order[k]);
        }
    }

    /** Returns for each index of an axis the index that moves there. */
    private int[] order(int axis, int row) {
        AxisUnits index = axes.get(axis);
        int[] units = index.units(row);
        int[] segments = index.segmentOf();
        int[] order = new int[units.length];
        for (int i = 0; i < order.length; i++) {
            int block = tensor.axes().get(axis).segments().get(segments[i]).block();
            order[i] = block == Axis.FREE
                    ? i
                    : index.moved(i, segments[i], permutations.get(block)[units[i]]);
        }
        return order;
    }
}
