package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * An element of the hidden-neuron permutation group of an architecture: one permutation for each permutable block,
 * applied to every tensor axis that indexes the block. New neuron k is old neuron {@code permutation[k]}. The
 * permutations of blocks with a {@link NeuronBlock.Structure} fit together: a head's coordinates move with their head.
 *
 * <p>Acting on a row costs O(P) and does not change the network's function.
 */
public final class NeuronPermutation implements SymmetryElement {

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
     * @throws IllegalArgumentException if one is no permutation, moves inputs or outputs, or tears a structure apart
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
        BlockStructure.check(blocks, copies);
        return new NeuronPermutation(architecture, copies);
    }

    /**
     * Makes an element from the permutations of some blocks; the others only move along with their groups and parts.
     *
     * @param permutations of whole blocks: those within groups say where each neuron comes from, not only in its group
     * @throws IllegalArgumentException as {@link #of} does
     */
    public static NeuronPermutation moving(Architecture architecture, Map<NeuronBlock, int[]> permutations) {
        return of(architecture, RandomBlocks.with(architecture, permutations));
    }

    public static NeuronPermutation identity(Architecture architecture) {
        return new NeuronPermutation(
                architecture,
                architecture.blocks().stream()
                        .map(block -> IntStream.range(0, block.size()).toArray())
                        .toList());
    }

    /** Draws an element uniformly. */
    public static NeuronPermutation random(Architecture architecture, Seed seed) {
        return random(architecture, seed, block -> true);
    }

    /**
     * Draws an element that permutes the neurons of some blocks in ways of their own; the others only move along.
     *
     * @param moving which of the permutable blocks
     */
    public static NeuronPermutation random(Architecture architecture, Seed seed, Predicate<NeuronBlock> moving) {
        return new NeuronPermutation(architecture, new RandomBlocks(architecture, seed, moving).all());
    }

    @Override
    public Architecture architecture() {
        return architecture;
    }

    /** Returns a copy of the permutation of one block. */
    public int[] permutation(NeuronBlock block) {
        return permutations.get(block.index()).clone();
    }

    /** Returns the element that undoes this one. */
    @Override
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
    @Override
    public double[] apply(double[] row) {
        architecture.requireRowLength(row.length);
        double[] result = row.clone();
        actOn(result);
        return result;
    }

    @Override
    public void actOn(double[] row) {
        for (ParameterTensor tensor : architecture.parameters()) {
            if (moves(tensor)) {
                int[] from = RowGather.of(architecture, tensor, permutations);
                int offset = (int) tensor.offset();
                double[] before = Arrays.copyOfRange(row, offset, offset + from.length);
                for (int i = 0; i < from.length; i++) {
                    row[offset + i] = before[from[i]];
                }
            }
        }
    }

    private boolean moves(ParameterTensor tensor) {
        return tensor.axes().stream()
                .flatMap(axis -> axis.segments().stream())
                .anyMatch(segment -> !segment.free() && moved(segment.block()) > 0);
    }

    /** Returns how many neurons of a block are not where they were. */
    public int moved(NeuronBlock block) {
        return moved(block.index());
    }

    private int moved(int block) {
        int[] permutation = permutations.get(block);
        int count = 0;
        for (int k = 0; k < permutation.length; k++) {
            count += permutation[k] == k ? 0 : 1;
        }
        return count;
    }

    /** Returns for each of the P positions the position whose value moves there. */
    public int[] gather() {
        return RowGather.of(architecture, tensor -> permutations);
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
}
