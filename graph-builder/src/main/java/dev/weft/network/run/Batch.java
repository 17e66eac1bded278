package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Form.Layout;

/**
 * The values behind a node for n networks and m inputs each.
 *
 * <ul>
 *   <li>vectors [n, m, units], sequences [n, m, length, units], tokens [n, m, length]
 *   <li>maps [m, n * units, *positions]: the networks' channels side by side, so that one convolution with n times the groups
 *       runs all networks
 *   <li>what all networks share (an input): tokens [m, length], maps [m, units, *positions]
 * </ul>
 */
record Batch(NDArray array, Layout layout, boolean shared) {

    static Batch of(NDArray array, Layout layout) {
        return new Batch(array, layout, false);
    }

    /** Returns the same layout with other values. */
    Batch with(NDArray other) {
        return new Batch(other, layout, shared);
    }

    /** Returns a map of n networks with channels of its own for each. */
    NDArray ownMaps(long n) {
        if (!shared || n == 1) {
            return array;
        }
        Shape shape = array.getShape();
        Shape positions = shape.slice(2);
        Shape wide = new Shape(shape.get(0), n, shape.get(1)).addAll(positions);
        return array.expandDims(1).broadcast(wide).reshape(new Shape(shape.get(0), n * shape.get(1)).addAll(positions));
    }

    /** Returns values [n, units] in a shape that is broadcast over this batch. */
    NDArray perUnit(NDArray values) {
        Shape shape = values.getShape();
        if (layout == Layout.MAP) {
            Shape wide = new Shape(1, shape.get(0) * shape.get(1));
            for (int i = 2; i < array.getShape().dimension(); i++) {
                wide = wide.add(1);
            }
            return values.reshape(wide);
        }
        return layout == Layout.VECTOR ? values.expandDims(1) : values.reshape(shape.get(0), 1, 1, shape.get(1));
    }

    /** Returns a map as [m, n, units, positions]. */
    NDArray unfolded(long n) {
        Shape shape = array.getShape();
        return array.reshape(shape.get(0), n, shape.get(1) / n, shape.slice(2).size());
    }
}
