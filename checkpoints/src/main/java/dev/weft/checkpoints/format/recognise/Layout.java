package dev.weft.checkpoints.format.recognise;

import java.util.List;

/**
 * How the values of a file's tensor lie in a parameter tensor: seen as an array {@code view}, the axes of the file's tensor
 * are taken in the order {@code order}. A transposed matrix has the view [rows, columns] and the order [1, 0].
 *
 * @param view extents, in the file's row-major order
 * @param order for each axis of the parameter, which axis of the view it is
 */
public record Layout(List<Integer> view, List<Integer> order) {

    /** The values lie as they are. */
    public static final Layout SAME = new Layout(List.of(), List.of());

    public Layout {
        view = List.copyOf(view);
        order = List.copyOf(order);
        for (int axis = 0; axis < view.size(); axis++) {
            if (order.size() != view.size() || !order.contains(axis)) {
                throw new IllegalArgumentException(
                        "expected an order of the " + view.size() + " axes of " + view + ", got " + order);
            }
        }
    }

    /** Returns whether the values lie as they are. */
    public boolean isSame() {
        return view.isEmpty();
    }

    /** Returns the index in the parameter tensor of the value that is at {@code index} of the file's tensor. */
    public long parameterIndex(long index) {
        if (isSame()) {
            return index;
        }
        long[] place = new long[view.size()];
        long rest = index;
        for (int axis = view.size() - 1; axis >= 0; axis--) {
            place[axis] = rest % view.get(axis);
            rest /= view.get(axis);
        }
        long found = 0;
        for (int axis : order) {
            found = found * view.get(axis) + place[axis];
        }
        return found;
    }
}
