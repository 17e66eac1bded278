package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;

/**
 * A network that was made larger.
 *
 * @param architecture of the larger network; nodes and tensors keep their names, but for numbers behind inserted layers
 * @param row P values
 */
public record Expanded(Architecture architecture, double[] row) {

    public Expanded {
        architecture.requireRowLength(row.length);
    }
}
