package dev.weft.symmetry;

import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.Projection;
import java.util.Arrays;
import java.util.List;

/** How the permutations of structured blocks follow from, or fit to, those of others. */
final class BlockStructure {

    private BlockStructure() {}

    /**
     * Returns the permutation of a block of pairs.
     *
     * @param outer of the outer block
     * @param inner of the inner block
     */
    static int[] ofPairs(List<NeuronBlock> blocks, NeuronBlock block, int[] outer, int[] inner) {
        Structure.Pairs pairs = (Structure.Pairs) block.structure();
        int width = block.size() / blocks.get(pairs.outer()).size();
        int[] innerUnits = Projection.inner(blocks, block);
        int[] permutation = new int[block.size()];
        for (int u = 0; u < permutation.length; u++) {
            permutation[u] = outer[u / width] * width + inner[innerUnits[u]] % width;
        }
        return permutation;
    }

    /** Checks that permutations keep groups together and move pairs with their parts. */
    static void check(List<NeuronBlock> blocks, List<int[]> permutations) {
        for (NeuronBlock block : blocks) {
            int[] permutation = permutations.get(block.index());
            if (block.structure() instanceof Structure.Within within) {
                checkGroups(block, permutation, permutations.get(within.groups()));
            } else if (block.structure() instanceof Structure.Pairs pairs) {
                int[] expected =
                        ofPairs(blocks, block, permutations.get(pairs.outer()), permutations.get(pairs.inner()));
                if (!Arrays.equals(expected, permutation)) {
                    throw new IllegalArgumentException("block '" + block.name() + "': its neurons move with those of '"
                            + blocks.get(pairs.outer()).name() + "' and '"
                            + blocks.get(pairs.inner()).name() + "' only");
                }
            }
        }
    }

    private static void checkGroups(NeuronBlock block, int[] permutation, int[] groups) {
        int width = permutation.length / groups.length;
        for (int u = 0; u < permutation.length; u++) {
            if (permutation[u] / width != groups[u / width]) {
                throw new IllegalArgumentException("block '" + block.name() + "': place " + u + " of group " + u / width
                        + " gets neuron " + permutation[u] + " of group " + permutation[u] / width + ", expected group "
                        + groups[u / width]);
            }
        }
    }
}
