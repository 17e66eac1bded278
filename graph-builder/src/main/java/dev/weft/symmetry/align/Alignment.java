package dev.weft.symmetry.align;

import dev.weft.network.NeuronBlock;
import dev.weft.symmetry.NeuronPermutation;
import dev.weft.symmetry.SymmetryElement;
import java.util.List;

/**
 * How one network is brought close to another.
 *
 * @param element to apply to the network that moves
 * @param permutation the part of it that permutes neurons
 * @param before similarity of the two networks as they were given, in [-1, 1]: the sum of products of trained parameters over their
 *     norms, with scales and phases in normal form if those are matched too; for activations the mean correlation of neurons
 *     in the same place
 * @param after the same with the second network moved
 * @param sweeps over all blocks, of the restart that was best
 */
public record Alignment(
        SymmetryElement element, NeuronPermutation permutation, double before, double after, int sweeps) {

    /**
     * What became of one block.
     *
     * @param name of the block
     * @param moved neurons that are not where they were
     * @param size neurons
     */
    public record Moved(String name, int moved, int size) {}

    /** Returns how many neurons of each block that may be permuted changed their place. */
    public List<Moved> moved() {
        return permutation.architecture().blocks().stream()
                .filter(NeuronBlock::permutable)
                .map(block -> new Moved(block.name(), permutation.moved(block), block.size()))
                .toList();
    }
}
