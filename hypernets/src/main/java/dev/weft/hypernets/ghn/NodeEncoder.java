package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.ForwardPass;
import java.util.List;

/**
 * Turns what a node is into what it is within its graph. Graphs lie one behind the other; the states of one do not depend
 * on the others.
 */
abstract class NodeEncoder extends GhnBlock {

    /**
     * Returns the final states.
     *
     * @param features [n, d] of the nodes of all graphs
     * @return [n, d]
     */
    abstract NDArray forward(ForwardPass pass, NDArray features, List<ComputationGraph> graphs);
}
