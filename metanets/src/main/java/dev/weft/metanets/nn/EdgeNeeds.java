package dev.weft.metanets.nn;

import dev.weft.network.NeuronBlock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which edges a layer must look at when only some neurons are read in the end: those into neurons whose states are used
 * later on. In the last layer these are the edges into the neurons that are read, and each layer before adds a
 * neighbourhood. What is left out does not reach the output, and its gradient is 0.
 */
final class EdgeNeeds {

    private final List<GraphLayout.Edges> order;
    private final int[] blocks;

    /**
     * @param layers number of layers
     * @param read the neurons that are read behind the last layer
     * @param coupled whether a layer other than the last lets all neurons of a network meet, so that all are needed
     */
    EdgeNeeds(GraphLayout layout, int layers, NeuronBlock read, boolean coupled) {
        blocks = new int[layers];
        order = new ArrayList<>(layout.edges());
        int[] lastUse = new int[order.size()];
        Set<NeuronBlock> needed = new HashSet<>(Set.of(read));
        for (int layer = layers - 1; layer >= 0; layer--) {
            if (coupled && layer < layers - 1) {
                needed.addAll(layout.graph().blocks());
            }
            Set<NeuronBlock> before = new HashSet<>(needed);
            for (int i = 0; i < lastUse.length; i++) {
                GraphLayout.Edges edges = layout.edges().get(i);
                if (needed.contains(edges.receiver())) {
                    before.add(edges.sender());
                    lastUse[i] = Math.max(lastUse[i], layer + 1);
                    blocks[layer]++;
                }
            }
            needed = before;
        }
        order.sort(Comparator.comparingInt(edges -> -lastUse[layout.edges().indexOf(edges)]));
    }

    /** Returns all blocks and directions, those that are needed in the most layers first. */
    List<GraphLayout.Edges> order() {
        return order;
    }

    /** Returns how many of them, from the first on, a layer needs. */
    int blocks(int layer) {
        return blocks[layer];
    }
}
