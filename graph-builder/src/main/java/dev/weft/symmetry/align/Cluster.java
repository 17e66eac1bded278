package dev.weft.symmetry.align;

import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Blocks whose permutations hang together: a plain block alone; or heads with the coordinates of queries, keys and values;
 * or the groups of a convolution with their channels.
 *
 * @param blocks in the order of the architecture
 * @param tensors trained tensors that name one of them
 */
record Cluster(List<NeuronBlock> blocks, List<ParameterTensor> tensors) {

    /** Returns the sets of blocks in which something can be permuted. */
    static List<Cluster> of(Architecture architecture) {
        List<NeuronBlock> blocks = architecture.blocks();
        int[] first = new int[blocks.size()];
        for (int b = 0; b < first.length; b++) {
            first[b] = b;
        }
        for (NeuronBlock block : blocks) {
            parts(block).forEach(part -> join(first, block.index(), part));
        }
        Map<Integer, List<NeuronBlock>> sets = new LinkedHashMap<>();
        blocks.forEach(block -> sets.computeIfAbsent(first[block.index()], key -> new ArrayList<>())
                .add(block));
        return sets.values().stream()
                .filter(set -> set.stream().anyMatch(block -> block.permutable() && block.size() > 1))
                .map(set -> new Cluster(List.copyOf(set), tensors(architecture, set)))
                .toList();
    }

    private static List<Integer> parts(NeuronBlock block) {
        if (block.structure() instanceof Structure.Within within) {
            return List.of(within.groups());
        }
        return block.structure() instanceof Structure.Pairs pairs ? List.of(pairs.outer(), pairs.inner()) : List.of();
    }

    private static void join(int[] first, int a, int b) {
        int keep = Math.min(first[a], first[b]);
        int drop = Math.max(first[a], first[b]);
        for (int i = 0; i < first.length; i++) {
            first[i] = first[i] == drop ? keep : first[i];
        }
    }

    private static List<ParameterTensor> tensors(Architecture architecture, List<NeuronBlock> set) {
        return architecture.parameters().stream()
                .filter(tensor -> tensor.trainable()
                        && set.stream().anyMatch(block -> tensor.axes().stream().anyMatch(axis -> axis.names(block))))
                .toList();
    }

    /** Whether a block is one of the set. */
    boolean contains(int block) {
        return blocks.stream().anyMatch(each -> each.index() == block);
    }

    /** Returns the blocks that lie within the groups that a block counts. */
    List<NeuronBlock> within(NeuronBlock groups) {
        return blocks.stream()
                .filter(block ->
                        block.structure() instanceof Structure.Within within && within.groups() == groups.index())
                .toList();
    }

    /** Returns the blocks of pairs. */
    List<NeuronBlock> pairs() {
        return blocks.stream()
                .filter(block -> block.structure() instanceof Structure.Pairs)
                .toList();
    }

    /** Returns the blocks that move by themselves, not within groups and not as pairs. */
    List<NeuronBlock> roots() {
        return blocks.stream()
                .filter(block -> block.structure() instanceof Structure.Flat)
                .toList();
    }
}
