package dev.weft.network;

import dev.weft.network.NeuronBlock.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block of neurons in the making. Residual additions, norms and the like find out that two blocks are one
 * ({@link #unify}, a union-find), slices that one is several, attention and groups that it has a structure. Where demands
 * contradict each other, the neurons are frozen: what remains is a subgroup of the symmetries, never more than there are.
 */
final class Units {

    private final String name;
    private final String base; // name of the block that this one was cut from
    private final int start; // first of its neurons there
    private final int size;
    private final int order; // of making, which is that of the nodes
    private Role role;
    private @Nullable Units into;
    private @Nullable Units groups;
    private @Nullable Units outer;
    private @Nullable Units inner;
    private List<Units> parts = List.of();

    /** Makes blocks and numbers them. */
    static final class Maker {
        private int made;

        Units make(String name, int size, Role role) {
            return new Units(name, size, role, made++);
        }
    }

    /** Two blocks whose pairs of units another block is made of. */
    record Pair(Units outer, Units inner) {}

    private Units(String name, int size, Role role, int order) {
        this.name = name;
        this.base = name;
        this.start = 0;
        this.size = size;
        this.role = role;
        this.order = order;
    }

    /** Makes neurons [start, start + size) of a block that is cut. */
    private Units(String base, int start, int size, Role role, int order) {
        this.name = base + "[" + start + ":" + (start + size) + "]";
        this.base = base;
        this.start = start;
        this.size = size;
        this.role = role;
        this.order = order;
    }

    String name() {
        return name;
    }

    int size() {
        return size;
    }

    int order() {
        return order;
    }

    Role role() {
        return root().role;
    }

    /** Returns the block that this one turned out to be. */
    Units root() {
        Units root = this;
        while (root.into != null) {
            root = root.into;
        }
        for (Units on = this; on.into != null; ) {
            Units next = on.into;
            on.into = root;
            on = next;
        }
        return root;
    }

    /** Returns the blocks side by side that this one was cut into, or itself. */
    List<Units> leaves() {
        Units root = root();
        return root.parts.isEmpty()
                ? List.of(root)
                : root.parts.stream().flatMap(part -> part.leaves().stream()).toList();
    }

    @Nullable
    Units groups() {
        Units found = root().groups;
        return found == null ? null : found.root();
    }

    @Nullable
    Pair pair() {
        Units root = root();
        return root.outer == null || root.inner == null ? null : new Pair(root.outer.root(), root.inner.root());
    }

    boolean flat() {
        Units root = root();
        return root.groups == null && root.outer == null && root.parts.isEmpty();
    }

    /** Makes hidden units immovable, and with them whatever would have to move along. */
    void freeze(Role as) {
        Units root = root();
        if (root.role == Role.HIDDEN) {
            root.role = as;
        }
        root.parts.forEach(part -> part.freeze(as));
        root.freezeStructure();
    }

    /** Freezes what an immovable block is made of; returns whether that was news. */
    boolean freezeStructure() {
        Units root = root();
        boolean news = false;
        for (Units part : root.structure()) {
            if (part.role() == Role.HIDDEN) {
                part.freeze(Role.FIXED);
                news = true;
            }
        }
        return news;
    }

    /** Returns the groups, or the two blocks of pairs, or nothing. */
    List<Units> structure() {
        Units group = groups();
        Pair pair = pair();
        List<Units> all = new ArrayList<>();
        if (group != null) {
            all.add(group);
        }
        if (pair != null) {
            all.add(pair.outer);
            all.add(pair.inner);
        }
        return all;
    }

    /** Makes two blocks of one size one. */
    static void unify(Units a, Units b) {
        Units first = a.root();
        Units second = b.root();
        if (first == second) {
            return;
        }
        if (!first.parts.isEmpty() || !second.parts.isEmpty()) {
            unifyParts(first, second);
            return;
        }
        Units keep = first.precedes(second) ? first : second;
        Units other = keep == first ? second : first;
        mergeStructure(keep, other);
        Role role = keep.role == Role.HIDDEN ? other.role : keep.role;
        other.into = keep;
        if (role != Role.HIDDEN) {
            keep.freeze(role);
        }
    }

    private boolean precedes(Units other) {
        boolean input = role == Role.INPUT;
        return input == (other.role == Role.INPUT) ? order <= other.order : input;
    }

    private static void mergeStructure(Units keep, Units other) {
        Pair pair = other.pair();
        Pair kept = keep.pair();
        if (keep.flat()) {
            keep.groups = other.groups;
            keep.outer = other.outer;
            keep.inner = other.inner;
        } else if (keep.groups != null && other.groups != null && keep.groups.size == other.groups.size) {
            unify(keep.groups, other.groups);
        } else if (kept != null && pair != null && kept.outer.size == pair.outer.size) {
            unify(kept.outer, pair.outer);
            unify(kept.inner, pair.inner);
        } else if (!other.flat()) {
            keep.freeze(Role.FIXED);
            other.freeze(Role.FIXED);
        }
    }

    private static void unifyParts(Units a, Units b) {
        Units cut = a.parts.isEmpty() ? b : a;
        Units whole = cut == a ? b : a;
        List<Integer> sizes = cut.parts.stream().map(part -> part.size).toList();
        List<Units> parts = whole.cut(sizes);
        if (parts.isEmpty()) {
            a.freeze(Role.FIXED);
            b.freeze(Role.FIXED);
            return;
        }
        for (int i = 0; i < parts.size(); i++) {
            unify(cut.parts.get(i), parts.get(i));
        }
    }

    /** Cuts the block into runs of the given sizes; empty if it has a structure that forbids it. */
    List<Units> cut(List<Integer> sizes) {
        Units root = root();
        if (!root.parts.isEmpty()) {
            List<Integer> cut = root.parts.stream().map(part -> part.size).toList();
            return cut.equals(sizes) ? root.parts : List.of();
        }
        if (!root.flat() || root.role == Role.INPUT) {
            return List.of();
        }
        List<Units> made = new ArrayList<>();
        int from = 0;
        for (int part : sizes) {
            made.add(new Units(root.base, root.start + from, part, root.role, root.order));
            from += part;
        }
        root.parts = List.copyOf(made);
        return root.parts;
    }

    /** Gives the block {@code count} groups that move as wholes, and returns their block; groups may be within groups. */
    Units within(int count, String called, Maker maker) {
        Units root = root();
        if (root.size == count) {
            return root;
        }
        Units found = root.groups != null ? root.groups.root() : root.outer == null ? null : root.outer.root();
        if (found != null && found.size % count == 0) {
            return found.within(count, called, maker);
        }
        Units made = maker.make(called, count, root.role == Role.HIDDEN ? Role.HIDDEN : Role.FIXED);
        if (root.groups != null && count % root.groups.root().size == 0) {
            made.groups = root.groups;
            root.groups = made;
        } else if (root.flat()) {
            root.groups = made;
        } else {
            root.freeze(Role.FIXED);
            made.freeze(Role.FIXED);
        }
        return made;
    }

    /** Puts the block into groups that exist. */
    void joinGroups(Units existing, Maker maker) {
        Units root = root();
        if (root.flat()) {
            root.groups = existing;
            if (root.role != Role.HIDDEN) {
                existing.freeze(Role.FIXED);
            }
        } else {
            unify(root.within(existing.size, existing.name, maker), existing);
        }
    }

    /** Whether {@code other} is this block, its groups, or their groups. */
    boolean liesWithin(Units other) {
        Units on = root();
        while (on != other.root() && on.groups != null) {
            on = on.groups.root();
        }
        return on == other.root();
    }

    /** Makes the block one of pairs (outer, inner) with an inner block that all outer units share, and returns both. */
    Pair paired(int count, String called, Maker maker) {
        Units root = root();
        Pair found = root.pair();
        if (found != null && found.outer.size == count) {
            return found;
        }
        Pair made = new Pair(
                maker.make(called + ".heads", count, Role.HIDDEN),
                maker.make(called + ".coordinates", root.size / count, Role.HIDDEN));
        if (root.flat()) {
            root.setPair(made);
            if (root.role != Role.HIDDEN) {
                root.freezeStructure();
            }
        } else {
            root.freeze(Role.FIXED);
            made.outer.freeze(Role.FIXED);
            made.inner.freeze(Role.FIXED);
        }
        return made;
    }

    /** Makes a flat block one of pairs of units of existing blocks. */
    void setPair(Pair pair) {
        Units root = root();
        root.outer = pair.outer;
        root.inner = pair.inner;
    }
}
