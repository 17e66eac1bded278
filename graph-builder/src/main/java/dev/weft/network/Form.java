package dev.weft.network;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of one sample's values behind a node.
 *
 * @param layout order of the axes
 * @param positions extents of the axes that are no neurons: none, [length], or [height, width]
 * @param units what the axis of neurons indexes
 */
public record Form(Layout layout, List<Integer> positions, Axis units) {

    /** Where the neurons stand. */
    public enum Layout {
        /** [units]. */
        VECTOR,
        /** [length, units]. */
        SEQUENCE,
        /** [units, length] or [units, height, width]. */
        MAP,
        /** [length], numbers of words. */
        TOKENS
    }

    public Form {
        positions = List.copyOf(positions);
    }

    /** Returns the sample's shape. */
    public List<Integer> shape() {
        List<Integer> shape = new ArrayList<>(positions);
        if (layout == Layout.SEQUENCE) {
            shape.add(units.size());
        } else if (layout != Layout.TOKENS) {
            shape.add(0, units.size());
        }
        return List.copyOf(shape);
    }
}
