package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Draws a permutation for each block: Fisher and Yates' shuffle of flat blocks and of each group. */
final class RandomBlocks {

    private final List<NeuronBlock> blocks;
    private final Predicate<NeuronBlock> moving;
    private final RandomGenerator random;
    private final int[][] drawn;

    RandomBlocks(Architecture architecture, Seed seed, Predicate<NeuronBlock> moving) {
        this.blocks = architecture.blocks();
        this.moving = moving;
        this.random = seed.random();
        this.drawn = new int[blocks.size()][];
    }

    /** Returns the permutations of all blocks where one is given and the others only move along. */
    static List<int[]> with(Architecture architecture, NeuronBlock given, int[] permutation) {
        return with(architecture, Map.of(given, permutation));
    }

    /** Returns the permutations of all blocks where some are given and the others only move along. */
    static List<int[]> with(Architecture architecture, Map<NeuronBlock, int[]> given) {
        RandomBlocks blocks = new RandomBlocks(architecture, new Seed(0), block -> false);
        given.forEach((block, permutation) -> blocks.drawn[block.index()] = permutation);
        return blocks.all();
    }

    List<int[]> all() {
        List<int[]> all = new ArrayList<>();
        blocks.forEach(block -> all.add(of(block)));
        return all;
    }

    private int[] of(NeuronBlock block) {
        if (drawn[block.index()] == null) {
            drawn[block.index()] = draw(block);
        }
        return drawn[block.index()];
    }

    private int[] draw(NeuronBlock block) {
        if (block.structure() instanceof Structure.Pairs pairs) {
            return BlockStructure.ofPairs(blocks, block, of(blocks.get(pairs.outer())), of(blocks.get(pairs.inner())));
        }
        int[] groups =
                block.structure() instanceof Structure.Within within ? of(blocks.get(within.groups())) : new int[1];
        int width = block.size() / groups.length;
        int[] permutation = new int[block.size()];
        for (int g = 0; g < groups.length; g++) {
            int[] places = IntStream.range(0, width).toArray();
            if (block.permutable() && moving.test(block)) {
                shuffle(places);
            }
            for (int i = 0; i < width; i++) {
                permutation[g * width + i] = groups[g] * width + places[i];
            }
        }
        return permutation;
    }

    private void shuffle(int[] values) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
    }
}
