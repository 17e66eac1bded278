package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;
import dev.weft.network.Axis.Segment;
import dev.weft.network.Form;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The sizes of all blocks when some are changed, and where each neuron of the larger blocks comes from. */
final class Sizes {

    /** The source of a neuron that is new. */
    static final int NEW = -1;

    private final List<NeuronBlock> blocks;
    private final Map<NeuronBlock, Integer> flat;
    private final Map<NeuronBlock, Integer> widths;

    /**
     * @param flat new sizes of blocks that are not within others
     * @param widths new numbers of members in each group, of blocks within groups
     */
    Sizes(Architecture architecture, Map<NeuronBlock, Integer> flat, Map<NeuronBlock, Integer> widths) {
        this.blocks = architecture.blocks();
        this.flat = flat;
        this.widths = widths;
    }

    int of(NeuronBlock block) {
        if (block.structure() instanceof Structure.Within within) {
            return Math.multiplyExact(width(block), of(blocks.get(within.groups())));
        }
        if (block.structure() instanceof Structure.Pairs pairs) {
            return Math.multiplyExact(width(block), of(blocks.get(pairs.outer())));
        }
        return flat.getOrDefault(block, block.size());
    }

    /** Returns the new number of members of each group, or of inner units of each outer one. */
    private int width(NeuronBlock block) {
        if (block.structure() instanceof Structure.Within) {
            return widths.getOrDefault(block, oldWidth(block));
        }
        NeuronBlock inner = blocks.get(((Structure.Pairs) block.structure()).inner());
        return inner.structure() instanceof Structure.Flat ? of(inner) : width(inner);
    }

    private int oldWidth(NeuronBlock block) {
        int groups = block.structure() instanceof Structure.Within within ? within.groups() : outer(block);
        return block.size() / blocks.get(groups).size();
    }

    private static int outer(NeuronBlock block) {
        return ((Structure.Pairs) block.structure()).outer();
    }

    boolean changes(NeuronBlock block) {
        return of(block) != block.size();
    }

    /** Returns the new number of indices of a segment. */
    int of(Segment segment) {
        if (segment.free()) {
            return segment.size();
        }
        NeuronBlock block = blocks.get(segment.block());
        int count = segment.count() == block.size() ? of(block) : segment.count();
        return Math.multiplyExact(Math.multiplyExact(segment.outer(), count), segment.inner());
    }

    /** Returns the new width of a value. */
    int of(Form form) {
        return form.units().segments().stream().mapToInt(this::of).sum();
    }

    /** Returns for each neuron of the larger block the one that it was, or {@link #NEW}. */
    int[] sources(NeuronBlock block) {
        int[] sources = new int[of(block)];
        if (block.structure() instanceof Structure.Flat) {
            Arrays.setAll(sources, k -> k < block.size() ? k : NEW);
            return sources;
        }
        int groups = block.structure() instanceof Structure.Within within ? within.groups() : outer(block);
        int[] outer = sources(blocks.get(groups));
        int width = width(block);
        int old = oldWidth(block);
        Arrays.setAll(sources, k -> {
            int from = outer[k / width];
            return from == NEW || k % width >= old ? NEW : from * old + k % width;
        });
        return sources;
    }
}
