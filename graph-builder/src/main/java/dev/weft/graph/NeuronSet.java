package dev.weft.graph;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.stream.IntStream;

/** The neuron numbers 0, ..., size - 1. */
final class NeuronSet extends AbstractSet<Integer> {

    private final int size;

    NeuronSet(int size) {
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean contains(Object o) {
        return o instanceof Integer neuron && neuron >= 0 && neuron < size;
    }

    @Override
    public Iterator<Integer> iterator() {
        return IntStream.range(0, size).iterator();
    }
}
