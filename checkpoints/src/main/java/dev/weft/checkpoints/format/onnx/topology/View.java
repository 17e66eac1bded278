package dev.weft.checkpoints.format.onnx.topology;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * How the axes of a value of the graph are made of the axes of a layer's output: batch, positions and neurons. Reshaping
 * splits and joins them, so an axis is a row-major run of {@link Factor}s, none for an axis of size 1.
 *
 * <p>Example: the queries of attention [batch, heads, length, k] are [[BATCH], [UNIT/k], [FIRST], [UNIT%k]].
 */
record View(List<List<Factor>> axes) {

    /** An axis of a layer's output, or repetitions that the graph makes. */
    enum Atom {
        BATCH,
        /** The length of a sequence, the height of a map. */
        FIRST,
        /** The width of a map. */
        SECOND,
        UNIT,
        REPEAT
    }

    /**
     * The part of an atom's index that an axis counts: index / stride % size.
     *
     * @param size above 1
     */
    record Factor(Atom atom, int size, int stride) {}

    View {
        axes = axes.stream().map(View::merged).toList();
    }

    private static List<Factor> merged(List<Factor> factors) {
        List<Factor> merged = new ArrayList<>();
        for (Factor next : factors) {
            Factor last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (next.size == 1) {
                continue;
            }
            if (last != null && last.atom == next.atom && last.stride == (long) next.stride * next.size) {
                merged.set(merged.size() - 1, new Factor(next.atom, last.size * next.size, next.stride));
            } else {
                merged.add(next);
            }
        }
        return List.copyOf(merged);
    }

    /** Returns the axis that counts all of an atom. */
    static List<Factor> all(Atom atom, int size) {
        return size == 1 ? List.of() : List.of(new Factor(atom, size, 1));
    }

    int rank() {
        return axes.size();
    }

    List<Factor> axis(int i) {
        return axes.get(i);
    }

    int[] shape() {
        return axes.stream()
                .mapToInt(axis -> axis.stream().mapToInt(Factor::size).reduce(1, Math::multiplyExact))
                .toArray();
    }

    /** Returns the factors of some axes in a row. */
    List<Factor> run(int from, int to) {
        return merged(axes.subList(from, to).stream().flatMap(List::stream).toList());
    }

    View transposed(int[] order) {
        List<List<Factor>> moved = new ArrayList<>();
        for (int axis : order) {
            moved.add(axes.get(axis));
        }
        return new View(moved);
    }

    View with(int axis, List<Factor> factors) {
        List<List<Factor>> changed = new ArrayList<>(axes);
        changed.set(axis, factors);
        return new View(changed);
    }

    View inserted(int axis, List<Factor> factors) {
        List<List<Factor>> changed = new ArrayList<>(axes);
        changed.add(axis, factors);
        return new View(changed);
    }

    View without(int axis) {
        List<List<Factor>> changed = new ArrayList<>(axes);
        changed.remove(axis);
        return new View(changed);
    }

    /** The same axes with other factors for those of an atom. */
    View mapped(UnaryOperator<Factor> change) {
        return new View(
                axes.stream().map(axis -> axis.stream().map(change).toList()).toList());
    }

    /**
     * Cuts and joins axes.
     *
     * @throws IllegalArgumentException if the new axes would mix parts of the old ones
     */
    View reshaped(int[] sizes) {
        Deque<Factor> rest = new ArrayDeque<>(run(0, rank()));
        List<List<Factor>> cut = new ArrayList<>();
        for (int size : sizes) {
            cut.add(take(rest, size));
        }
        if (!rest.isEmpty()) {
            throw mixed(sizes);
        }
        return new View(cut);
    }

    private List<Factor> take(Deque<Factor> rest, int size) {
        List<Factor> taken = new ArrayList<>();
        int open = size;
        while (open > 1) {
            Factor next = rest.poll();
            if (next == null) {
                throw mixed(new int[] {size});
            }
            if (open % next.size == 0) {
                taken.add(next);
                open /= next.size;
            } else if (next.size % open == 0) {
                int inner = next.size / open;
                taken.add(new Factor(next.atom, open, next.stride * inner));
                rest.push(new Factor(next.atom, inner, next.stride));
                open = 1;
            } else {
                throw mixed(new int[] {size});
            }
        }
        return taken;
    }

    private IllegalArgumentException mixed(int[] sizes) {
        return new IllegalArgumentException("a value with axes " + this + " is reshaped to " + Arrays.toString(sizes)
                + ", which mixes parts of different axes");
    }

    /** Returns for example {@code [BATCH 2, UNIT 3*4, FIRST 7]}. */
    @Override
    public String toString() {
        return axes.stream()
                .map(axis -> axis.isEmpty()
                        ? "1"
                        : axis.stream()
                                .map(factor -> factor.atom + " " + factor.size
                                        + (factor.stride > 1 ? "*" + factor.stride : ""))
                                .collect(Collectors.joining(" x ")))
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
