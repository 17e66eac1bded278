package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * An element of the hidden-neuron permutation group of an architecture: one permutation for each permutable block,
 * applied to every tensor axis that indexes the block. New neuron k is old neuron {@code permutation[k]}.
 *
 * <p>Acting on a row costs O(P) and does not change the network's function.
 */
public final class NeuronPermutation {

    private final Architecture architecture;
    private final List<int[]> permutations;

    private NeuronPermutation(Architecture architecture, List<int[]> permutations) {
        this.architecture = architecture;
        this.permutations = permutations;
    }

    /**
     * Makes an element from explicit permutations.
     *
     * @param permutations one for each of {@link Architecture#blocks()}; the identity for inputs and outputs
     * @throws IllegalArgumentException if one is no permutation, or moves inputs or outputs
     */
    public static NeuronPermutation of(Architecture architecture, List<int[]> permutations) {
        List<NeuronBlock> blocks = architecture.blocks();
        if (permutations.size() != blocks.size()) {
            throw new IllegalArgumentException(
                    "expected " + blocks.size() + " permutations, one a block, got " + permutations.size());
        }
        List<int[]> copies = new ArrayList<>();
        for (NeuronBlock block : blocks) {
            int[] permutation = permutations.get(block.index()).clone();
            check(block, permutation);
            copies.add(permutation);
        }
        return new NeuronPermutation(architecture, copies);
    }

    public static NeuronPermutation identity(Architecture architecture) {
        return new NeuronPermutation(
                architecture,
                architecture.blocks().stream()
                        .map(block -> IntStream.range(0, block.size()).toArray())
                        .toList());
    }

    /** Draws an element uniformly (Fisher and Yates' shuffle of each block). */
    public static NeuronPermutation random(Architecture architecture, Seed seed) {
        NeuronPermutation element = identity(architecture);
        RandomGenerator random = seed.random();
        for (NeuronBlock block : architecture.blocks()) {
            if (block.permutable()) {
                shuffle(element.permutations.get(block.index()), random);
            }
        }
        return element;
    }

    public Architecture architecture() {
        return architecture;
    }

    /** Returns a copy of the permutation of one block. */
    public int[] permutation(NeuronBlock block) {
        return permutations.get(block.index()).clone();
    }

    /** Returns the element that undoes this one. */
    public NeuronPermutation inverse() {
        List<int[]> inverses = new ArrayList<>();
        for (int[] permutation : permutations) {
            int[] inverse = new int[permutation.length];
            for (int k = 0; k < permutation.length; k++) {
                inverse[permutation[k]] = k;
            }
            inverses.add(inverse);
        }
        return new NeuronPermutation(architecture, inverses);
    }

    /**
     * Returns the element that acts as {@code first} and then as this one.
     *
     * @throws IllegalArgumentException if they are of different architectures
     */
    public NeuronPermutation compose(NeuronPermutation first) {
        if (!architecture.equals(first.architecture)) {
            throw new IllegalArgumentException(
                    "can't compose a permutation of " + architecture + " with one of " + first.architecture);
        }
        List<int[]> composed = new ArrayList<>();
        for (int b = 0; b < permutations.size(); b++) {
            int[] inner = first.permutations.get(b);
            composed.add(IntStream.of(permutations.get(b)).map(k -> inner[k]).toArray());
        }
        return new NeuronPermutation(architecture, composed);
    }

    /** Returns the permuted row of P values. */
    public float[] apply(float[] row) {
        architecture.requireRowLength(row.length);
        int[] from = gather();
        float[] result = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            result[i] = row[from[i]];
        }
        return result;
    }

    /** Returns the permuted row of P values. */
    public double[] apply(double[] row) {
        architecture.requireRowLength(row.length);
        int[] from = gather();
        double[] result = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            result[i] = row[from[i]];
        }
        return result;
    }

    /** Returns for each of the P positions the position whose value moves there. */
    public int[] gather() {
        int[] from = new int[Math.toIntExact(architecture.parameterCount())];
        for (ParameterTensor tensor : architecture.parameters()) {
            new Gather(tensor, from).fill(0, 0, 0);
        }
        return from;
    }

    /** Fills the positions of one tensor, axis by axis. */
    private final class Gather {
        private final ParameterTensor tensor;
        private final int[] from;

        Gather(ParameterTensor tensor, int[] from) {
            this.tensor = tensor;
            this.from = from;
        }

        void fill(int axis, int to, int source) {
            if (axis == tensor.shape().size()) {
                int offset = (int) tensor.offset();
                from[offset + to] = offset + source;
                return;
            }
            int size = tensor.shape().get(axis);
            int block = tensor.axes().get(axis);
            for (int k = 0; k < size; k++) {
                int old = block == ParameterTensor.FREE ? k : permutations.get(block)[k];
                fill(axis + 1, to * size + k, source * size + old);
            }
        }
    }

    private static void check(NeuronBlock block, int[] permutation) {
        String where = "block '" + block.name() + "': ";
        if (permutation.length != block.size()) {
            throw new IllegalArgumentException(
                    where + "expected a permutation of " + block.size() + " neurons, got " + permutation.length);
        }
        boolean[] seen = new boolean[block.size()];
        for (int k = 0; k < permutation.length; k++) {
            int old = permutation[k];
            if (old < 0 || old >= block.size() || seen[old]) {
                throw new IllegalArgumentException(where + "place " + k + " gets neuron " + old
                        + (old < 0 || old >= block.size() ? ", outside [0, " + block.size() + ")" : " a second time"));
            }
            if (old != k && !block.permutable()) {
                throw new IllegalArgumentException(where + block.role() + " neurons can't be permuted");
            }
            seen[old] = true;
        }
    }

    private static void shuffle(int[] values, RandomGenerator random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
    }
}
