package dev.weft.graph;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * A set of edge numbers that is computed, not stored: arithmetic progressions without a common number. The edges into a
 * neuron are one run of numbers for each weight block, those out of it one progression.
 */
final class ProgressionSet extends AbstractSet<Long> {

    private final List<Progression> parts;

    /** The numbers first, first + step, ..., {@code count} of them. */
    record Progression(long first, long step, long count) {

        boolean contains(long number) {
            long distance = number - first;
            return distance >= 0 && distance % step == 0 && distance / step < count;
        }

        long get(long i) {
            return first + i * step;
        }
    }

    ProgressionSet(List<Progression> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Returns the number of elements, or the largest int where there are more, as {@link java.util.Collection} asks. */
    @Override
    public int size() {
        long size = parts.stream().mapToLong(Progression::count).sum();
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    @Override
    public boolean contains(Object o) {
        return o instanceof Long number && parts.stream().anyMatch(part -> part.contains(number));
    }

    @Override
    public Iterator<Long> iterator() {
        return new Walk();
    }

    private final class Walk implements Iterator<Long> {
        private int part;
        private long next;

        @Override
        public boolean hasNext() {
            while (part < parts.size() && next == parts.get(part).count()) {
                part++;
                next = 0;
            }
            return part < parts.size();
        }

        @Override
        public Long next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return parts.get(part).get(next++);
        }
    }
}
