package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.weft.graph.ParameterGraph;
import dev.weft.graph.WeightBlock;
import dev.weft.network.NeuronBlock;
import java.util.List;

/**
 * Where each block of neurons lies on the node axis of [b, n, d] arrays (the order of {@link ParameterGraph#blocks()}),
 * and the constants of message passing that follow from the structure.
 */
public final class GraphLayout {

    private final ParameterGraph graph;
    private final int[] offsets;
    private final boolean reverse;

    /**
     * @param graph the structure, shared by every checkpoint of the architecture
     * @param reverse whether messages also travel against the weights, from target to source
     */
    public GraphLayout(ParameterGraph graph, boolean reverse) {
        this.graph = graph;
        this.reverse = reverse;
        this.offsets = new int[graph.blocks().size() + 1];
        for (NeuronBlock block : graph.blocks()) {
            offsets[block.index() + 1] = offsets[block.index()] + block.size();
        }
    }

    public ParameterGraph graph() {
        return graph;
    }

    public boolean reverse() {
        return reverse;
    }

    /** Returns k, 1 for forward messages only, else 2. */
    public int directions() {
        return reverse ? 2 : 1;
    }

    public List<WeightBlock> weights() {
        return graph.weights();
    }

    /** Returns n, the number of neurons. */
    public int nodes() {
        return offsets[offsets.length - 1];
    }

    /** Returns the position of a block's first neuron on the node axis. */
    public int offset(NeuronBlock block) {
        return offsets[block.index()];
    }

    /** Cuts x along its node axis; one view for each block. */
    public NDList split(NDArray x, int axis) {
        int blocks = offsets.length - 1;
        if (blocks == 1) {
            return new NDList(x);
        }
        long[] cuts = new long[blocks - 1];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = offsets[i + 1];
        }
        return x.split(cuts, axis);
    }

    /** Returns each neuron's number of incoming messages. */
    public double[] degrees() {
        return degrees(reverse);
    }

    /**
     * Returns the mean of log(degree + 1) over the neurons, counting forward edges only: PNA's delta as the reference
     * computes it, which does not recompute it when reverse edges are on.
     */
    public double meanLogDegree() {
        double sum = 0;
        for (double degree : degrees(false)) {
            sum += Math.log(degree + 1);
        }
        return sum / nodes();
    }

    private double[] degrees(boolean both) {
        double[] degrees = new double[nodes()];
        for (WeightBlock weight : graph.weights()) {
            add(degrees, weight.target(), weight.source().size());
            if (both) {
                add(degrees, weight.source(), weight.target().size());
            }
        }
        return degrees;
    }

    private void add(double[] degrees, NeuronBlock block, int count) {
        for (int i = 0; i < block.size(); i++) {
            degrees[offset(block) + i] += count;
        }
    }
}
