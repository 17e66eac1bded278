package dev.weft.network;

import dev.weft.network.NeuronBlock.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A {@link Form} in the making.
 *
 * @param strands of the axis of neurons
 */
record Value(Form.Layout layout, List<Integer> positions, List<Strand> strands) {

    Value {
        positions = List.copyOf(positions);
        strands = List.copyOf(strands);
    }

    int units() {
        return strands.stream().mapToInt(Strand::size).reduce(0, Math::addExact);
    }

    int positionCount() {
        return positions.stream().reduce(1, Math::multiplyExact);
    }

    Value with(List<Strand> other) {
        return new Value(layout, positions, other);
    }

    Value at(List<Integer> other) {
        return new Value(layout, other, strands);
    }

    Value as(Form.Layout other, List<Integer> extents) {
        return new Value(other, extents, strands);
    }

    Value mapped(UnaryOperator<Strand> change) {
        return with(strands.stream().map(change).toList());
    }

    List<Scale.Strength> scales() {
        return strands.stream().flatMap(strand -> strand.scales().stream()).toList();
    }

    /** Takes freedoms of scale away. */
    Value letting(boolean positive, boolean sign) {
        Scale.restrict(scales(), positive, sign);
        return this;
    }

    /** Returns the same neurons with no freedom of scale. */
    Value unscaled() {
        Scale.fix(scales());
        return mapped(strand -> strand.withScales(List.of()));
    }

    /** Returns the same neurons with new scales, those behind a gain. */
    Value rescaled() {
        return mapped(strand -> strand.units() == null
                ? strand
                : strand.withScales(List.of(new Scale.Strength(new Scale(strand.units()), 1))));
    }

    /** Returns the only block, or a frozen stand-in where there are several or they are repeated. */
    Strand whole(String name, Units.Maker maker) {
        List<Strand> leaves = leaves();
        if (leaves.size() == 1 && leaves.get(0).plain()) {
            return leaves.get(0);
        }
        leaves.forEach(Strand::freeze);
        return Strand.of(maker.make(name, units(), Role.FIXED), List.of());
    }

    List<Strand> leaves() {
        return strands.stream().flatMap(strand -> strand.leaves().stream()).toList();
    }

    /** Returns neurons [from, to) as strands, cutting blocks where needed. */
    List<Strand> cut(int from, int to, String name, Units.Maker maker) {
        List<Strand> found = new ArrayList<>();
        int start = 0;
        for (Strand strand : leaves()) {
            int end = start + strand.size();
            int first = Math.max(from, start) - start;
            int last = Math.min(to, end) - start;
            if (first == 0 && last == strand.size()) {
                found.add(strand);
            } else if (first < last) {
                found.add(piece(strand, first, last, name, maker));
            }
            start = end;
        }
        return found;
    }

    private static Strand piece(Strand strand, int from, int to, String name, Units.Maker maker) {
        Units units = strand.units();
        if (units == null) {
            return Strand.free(to - from);
        }
        List<Integer> sizes = new ArrayList<>(List.of(from, to - from, strand.size() - to));
        sizes.removeIf(size -> size == 0);
        List<Units> cut = strand.plain() ? units.cut(sizes) : List.of();
        if (cut.isEmpty()) {
            strand.freeze();
            return Strand.of(maker.make(name, to - from, Role.FIXED), List.of());
        }
        int part = from == 0 ? 0 : 1;
        return Strand.of(cut.get(part), Scale.part(strand.scales(), cut, part));
    }

    /** Makes the neurons of two values of one width the same, and their scales too where {@code scales} says so. */
    static void unify(Value a, Value b, boolean scales, Units.Maker maker) {
        List<Integer> ends = new ArrayList<>(a.ends());
        ends.addAll(b.ends());
        int start = 0;
        for (int end : ends.stream().distinct().sorted().toList()) {
            unify(
                    a.cut(start, end, "", maker).get(0),
                    b.cut(start, end, "", maker).get(0),
                    scales);
            start = end;
        }
    }

    private static void unify(Strand a, Strand b, boolean scales) {
        if (a.units() == null || b.units() == null || a.outer() != b.outer() || a.inner() != b.inner()) {
            a.freeze();
            b.freeze();
            return;
        }
        Units.unify(a.units(), b.units());
        if (scales) {
            Scale.equate(a.scales(), b.scales());
        }
    }

    private List<Integer> ends() {
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (Strand strand : leaves()) {
            end += strand.size();
            ends.add(end);
        }
        return ends;
    }
}
