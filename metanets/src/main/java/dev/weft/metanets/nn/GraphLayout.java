package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.weft.graph.ParameterGraph;
import dev.weft.graph.WeightBlock;
import dev.weft.network.NeuronBlock;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each block of neurons lies on the node axis of [b, n, d] arrays (the order of {@link ParameterGraph#blocks()}),
 * and the constants of message passing that follow from the structure.
 */
public final class GraphLayout {

    private final ParameterGraph graph;
    private final int[] offsets;
    private final boolean reverse;
    private final List<Edges> edges = new ArrayList<>();

    /**
     * @param graph the structure, shared by every checkpoint of the architecture
     * @param reverse whether messages also travel against the weights, from target to source
     */
    public GraphLayout(ParameterGraph graph, boolean reverse) {
        this.graph = graph;
        this.reverse = reverse;
        graph.weights().forEach(weight -> edges.add(new Edges(weight, false)));
        if (reverse) {
            graph.weights().forEach(weight -> edges.add(new Edges(weight, true)));
        }
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

    /**
     * The edges of one weight block in one direction.
     *
     * @param weight the block
     * @param reversed whether messages go from target to source
     */
    public record Edges(WeightBlock weight, boolean reversed) {

        /** Returns the neurons that messages come from. */
        public NeuronBlock sender() {
            return reversed ? weight.target() : weight.source();
        }

        /** Returns the neurons that messages go to. */
        public NeuronBlock receiver() {
            return reversed ? weight.source() : weight.target();
        }

        /** Returns the axis of the senders in [b, t, s, d]. */
        int senderAxis() {
            return reversed ? 1 : 2;
        }

        /** Returns the axis of the receivers in [b, t, s, d]. */
        int receiverAxis() {
            return reversed ? 2 : 1;
        }
    }

    /** Returns what messages travel along: all weight blocks forward, then, if reverse is on, all of them reversed. */
    public List<Edges> edges() {
        return edges;
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
        for (Edges edge : edges) {
            if (both || !edge.reversed) {
                int begin = offset(edge.receiver());
                for (int i = begin; i < begin + edge.receiver().size(); i++) {
                    degrees[i] += edge.sender().size();
                }
            }
        }
        return degrees;
    }
}
