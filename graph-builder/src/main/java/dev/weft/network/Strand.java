package dev.weft.network;

import dev.weft.network.NeuronBlock.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Axis.Segment} in the making.
 *
 * @param units the neurons, none for a free run
 * @param count neurons along the axis
 * @param outer repetitions around them
 * @param inner indices for each
 * @param scales what each neuron's value is multiplied by
 */
record Strand(@Nullable Units units, int count, int outer, int inner, List<Scale.Strength> scales) {

    Strand {
        scales = List.copyOf(scales);
    }

    static Strand of(Units units, List<Scale.Strength> scales) {
        return new Strand(units, units.size(), 1, 1, scales);
    }

    /** New neurons' values with a scale of their own. */
    static Strand scaled(Units units) {
        return of(units, List.of(new Scale.Strength(new Scale(units), 1)));
    }

    static Strand free(int size) {
        return new Strand(null, size, 1, 1, List.of());
    }

    int size() {
        return Math.multiplyExact(Math.multiplyExact(outer, count), inner);
    }

    /** Whether each neuron of a block stands here exactly once. */
    boolean plain() {
        return units != null && outer == 1 && inner == 1 && count == units.size();
    }

    Strand withScales(List<Scale.Strength> other) {
        return new Strand(units, count, outer, inner, other);
    }

    Strand repeated(int around, int within) {
        return new Strand(units, count, Math.multiplyExact(outer, around), Math.multiplyExact(inner, within), scales);
    }

    void freeze() {
        if (units != null) {
            units.freeze(Role.FIXED);
        }
        Scale.fix(scales);
    }

    /** Whether it counts within the group that an earlier axis of its tensor has fixed, and not all neurons of the block. */
    private boolean relative() {
        return units != null && count < units.size();
    }

    /** Gives up symmetries that can't be told any more: of neurons within a group, if their block was cut later. */
    void settle() {
        if (units == null || !relative() || units.root().leaves().size() < 2) {
            return;
        }
        if (count > 1) {
            freeze();
        }
        Scale.fix(scales);
    }

    /** Returns the strands side by side whose neurons were not cut. */
    List<Strand> leaves() {
        List<Units> cut = units == null ? List.of() : units.root().leaves();
        if (cut.size() < 2) {
            return List.of(this);
        }
        if (relative()) {
            return List.of(free(size())); // which of a group's neurons it is does not tell in which part
        }
        List<Strand> leaves = new ArrayList<>();
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < cut.size(); i++) {
                Units leaf = cut.get(i);
                leaves.add(new Strand(leaf, leaf.size(), 1, inner, Scale.part(scales, cut, i)));
            }
        }
        return leaves;
    }
}
