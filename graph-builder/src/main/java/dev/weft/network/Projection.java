package dev.weft.network;

import dev.weft.network.NeuronBlock.Structure;
import java.util.List;

/** Which unit of one block a unit of another belongs to: a coordinate's head, a channel's group, a query's key coordinate. */
public final class Projection {

    private static final int UNRELATED = -1;

    private Projection() {}

    /** Whether units of {@code from} belong to units of {@code to}. */
    public static boolean exists(List<NeuronBlock> blocks, NeuronBlock from, NeuronBlock to) {
        return unit(blocks, from, 0, to) != UNRELATED;
    }

    /**
     * Returns for each unit of {@code from} the unit of {@code to} that it belongs to.
     *
     * @param blocks {@link Architecture#blocks()}
     * @throws IllegalArgumentException if they are unrelated
     */
    public static int[] of(List<NeuronBlock> blocks, NeuronBlock from, NeuronBlock to) {
        if (!exists(blocks, from, to)) {
            throw new IllegalArgumentException(
                    "units of '" + from.name() + "' do not belong to units of '" + to.name() + "'");
        }
        int[] units = new int[from.size()];
        for (int u = 0; u < units.length; u++) {
            units[u] = unit(blocks, from, u, to);
        }
        return units;
    }

    private static int unit(List<NeuronBlock> blocks, NeuronBlock from, int u, NeuronBlock to) {
        if (from.index() == to.index()) {
            return u;
        }
        if (from.structure() instanceof Structure.Within within) {
            NeuronBlock groups = blocks.get(within.groups());
            return unit(blocks, groups, u / (from.size() / groups.size()), to);
        }
        if (from.structure() instanceof Structure.Pairs pairs) {
            NeuronBlock outer = blocks.get(pairs.outer());
            int width = from.size() / outer.size();
            int found = unit(blocks, outer, u / width, to);
            return found != UNRELATED
                    ? found
                    : unit(blocks, blocks.get(pairs.inner()), inner(blocks, pairs, u, width), to);
        }
        return UNRELATED;
    }

    /** Returns the unit of the inner block of pair {@code u}, counted from the block's first. */
    static int inner(List<NeuronBlock> blocks, Structure.Pairs pairs, int u, int width) {
        NeuronBlock inner = blocks.get(pairs.inner());
        if (inner.size() == width) {
            return u % width;
        }
        Structure.Within within = (Structure.Within) inner.structure();
        int group = unit(blocks, blocks.get(pairs.outer()), u / width, blocks.get(within.groups()));
        return group * width + u % width;
    }

    /** Returns for each unit of a block of pairs its unit of the inner block. */
    public static int[] inner(List<NeuronBlock> blocks, NeuronBlock block) {
        Structure.Pairs pairs = (Structure.Pairs) block.structure();
        int width = block.size() / blocks.get(pairs.outer()).size();
        int[] units = new int[block.size()];
        for (int u = 0; u < units.length; u++) {
            units[u] = inner(blocks, pairs, u, width);
        }
        return units;
    }
}
