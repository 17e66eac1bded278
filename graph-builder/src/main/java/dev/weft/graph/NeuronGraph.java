package dev.weft.graph;

import dev.weft.graph.ProgressionSet.Progression;
import dev.weft.network.NeuronBlock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jgrapht.GraphIterables;
import org.jgrapht.GraphTests;
import org.jgrapht.GraphType;
import org.jgrapht.alg.cycle.CycleDetector;
import org.jgrapht.graph.DefaultGraphType;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ParameterGraph} neuron by neuron, for JGraphT's algorithms: a directed graph whose vertices and edges are numbers that are computed when asked for. Nothing is stored for a neuron or an edge; the memory is that of the
 * block graph, and each query takes O(log blocks) or O(blocks).
 *
 * <p>Neurons are numbered block by block in the order of {@link ParameterGraph#blocks()}, edges weight block by weight
 * block in the order of {@link ParameterGraph#weights()}; within a block the source neuron runs fastest, as in the row.
 *
 * <p>With a row the graph is weighted by its values (where a pair of neurons has several, their Euclidean norm), without
 * one it is unweighted. The row is not copied. Two graphs are
 * equal only if they are the same object: comparing edge by edge would take O(edges).
 */
public final class NeuronGraph extends ReadOnlyGraph<Integer, Long> {

    private final ParameterGraph blocks;
    private final int[] firstNeuron; // [blocks + 1], the last is the number of neurons
    private final long[] firstEdge; // [weight blocks + 1], the last is the number of edges
    private final boolean cyclic;
    private final boolean parallel;
    private final boolean loops;
    private final float @Nullable [] row;

    private NeuronGraph(ParameterGraph blocks, float @Nullable [] row) {
        this.blocks = blocks;
        this.row = row;
        if (blocks.neuronCount() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a neuron graph has at most " + Integer.MAX_VALUE + " neurons, "
                    + blocks.architecture() + " has " + blocks.neuronCount());
        }
        firstNeuron = new int[blocks.blocks().size() + 1];
        for (NeuronBlock block : blocks.blocks()) {
            firstNeuron[block.index() + 1] = firstNeuron[block.index()] + block.size();
        }
        cyclic = new CycleDetector<>(blocks.graph()).detectCycles();
        parallel = GraphTests.hasMultipleEdges(blocks.graph());
        loops = GraphTests.hasSelfLoops(blocks.graph());
        firstEdge = new long[blocks.weights().size() + 1];
        for (WeightBlock block : blocks.weights()) {
            firstEdge[block.index() + 1] = firstEdge[block.index()] + block.edges();
        }
    }

    /** Returns the graph without weights. */
    public static NeuronGraph of(ParameterGraph graph) {
        return new NeuronGraph(graph, null);
    }

    /**
     * Returns the graph weighted by a network's parameters.
     *
     * @param row P values
     */
    public static NeuronGraph of(ParameterGraph graph, float[] row) {
        graph.architecture().requireRowLength(row.length);
        return new NeuronGraph(graph, row);
    }

    /** Returns the number of neuron {@code k} of a block. */
    public int neuron(NeuronBlock block, int k) {
        if (k < 0 || k >= block.size()) {
            throw new IllegalArgumentException(
                    "block '" + block.name() + "': neuron " + k + " is outside [0, " + block.size() + ")");
        }
        return firstNeuron[block.index()] + k;
    }

    /** Returns the block that a neuron belongs to. */
    public NeuronBlock blockOf(int neuron) {
        requireNeuron(neuron);
        int found = Arrays.binarySearch(firstNeuron, neuron);
        return blocks.blocks().get(found >= 0 ? found : -found - 2);
    }

    /** Returns a neuron's place in its block. */
    public int placeOf(int neuron) {
        return neuron - firstNeuron[blockOf(neuron).index()];
    }

    /** Returns the block that an edge's weight belongs to. */
    public WeightBlock weightBlockOf(long edge) {
        requireEdge(edge);
        int found = Arrays.binarySearch(firstEdge, edge);
        return blocks.weights().get(found >= 0 ? found : -found - 2);
    }

    /** Returns the index of an edge's weight in the flat row, its first where it has several. */
    public long positionOf(long edge) {
        WeightBlock block = weightBlockOf(edge);
        return block.position(sourcePlace(block, edge), targetPlace(block, edge));
    }

    /** Returns the number of edges, which {@link #edgeSet()} can't tell beyond the range of int. */
    public long edgeCount() {
        return firstEdge[firstEdge.length - 1];
    }

    @Override
    public GraphType getType() {
        return new DefaultGraphType.Builder()
                .directed()
                .weighted(row != null)
                .modifiable(false)
                .allowCycles(cyclic)
                .allowMultipleEdges(parallel)
                .allowSelfLoops(loops)
                .build();
    }

    @Override
    public Set<Integer> vertexSet() {
        return new NeuronSet(firstNeuron[firstNeuron.length - 1]);
    }

    @Override
    public Set<Long> edgeSet() {
        return new ProgressionSet(List.of(new Progression(0, 1, edgeCount())));
    }

    @Override
    public boolean containsVertex(@Nullable Integer neuron) {
        return neuron != null && neuron >= 0 && neuron < firstNeuron[firstNeuron.length - 1];
    }

    @Override
    public boolean containsEdge(@Nullable Long edge) {
        return edge != null && edge >= 0 && edge < edgeCount();
    }

    @Override
    public boolean containsEdge(@Nullable Integer source, @Nullable Integer target) {
        return getEdge(source, target) != null;
    }

    @Override
    public @Nullable Long getEdge(@Nullable Integer source, @Nullable Integer target) {
        if (source == null || target == null || !containsVertex(source) || !containsVertex(target)) {
            return null;
        }
        return between(source, target).findFirst().orElse(null);
    }

    private Stream<Long> between(int source, int target) {
        int s = placeOf(source);
        int t = placeOf(target);
        return blocks.graph().getAllEdges(blockOf(source), blockOf(target)).stream()
                .filter(block -> block.joins(s, t))
                .map(block -> first(block, target) + s - block.firstSource(t));
    }

    @Override
    public @Nullable Set<Long> getAllEdges(@Nullable Integer source, @Nullable Integer target) {
        if (source == null || target == null || !containsVertex(source) || !containsVertex(target)) {
            return null;
        }
        return between(source, target).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Integer getEdgeSource(Long edge) {
        WeightBlock block = weightBlockOf(edge);
        return neuron(block.source(), sourcePlace(block, edge));
    }

    @Override
    public Integer getEdgeTarget(Long edge) {
        WeightBlock block = weightBlockOf(edge);
        return neuron(block.target(), targetPlace(block, edge));
    }

    @Override
    public double getEdgeWeight(Long edge) {
        WeightBlock block = weightBlockOf(edge);
        if (row == null) {
            return DEFAULT_EDGE_WEIGHT;
        }
        int s = sourcePlace(block, edge);
        int t = targetPlace(block, edge);
        return block.features() == 1 ? row[(int) block.position(s, t)] : norm(block, s, t, row);
    }

    private static double norm(WeightBlock block, int s, int t, float[] row) {
        double squares = 0;
        for (int f = 0; f < block.features(); f++) {
            double value = row[(int) block.position(s, t, f)];
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    @Override
    public Set<Long> incomingEdgesOf(Integer neuron) {
        return new ProgressionSet(incoming(neuron).toList());
    }

    @Override
    public Set<Long> outgoingEdgesOf(Integer neuron) {
        return new ProgressionSet(outgoing(neuron).toList());
    }

    @Override
    public Set<Long> edgesOf(Integer neuron) {
        return new ProgressionSet(
                Stream.concat(incomingFromOthers(neuron), outgoing(neuron)).toList());
    }

    @Override
    public int inDegreeOf(Integer neuron) {
        return incomingEdgesOf(neuron).size();
    }

    @Override
    public int outDegreeOf(Integer neuron) {
        return outgoingEdgesOf(neuron).size();
    }

    @Override
    public int degreeOf(Integer neuron) {
        return inDegreeOf(neuron) + outDegreeOf(neuron); // a loop counts twice
    }

    @Override
    public GraphIterables<Integer, Long> iterables() {
        return new Iterables();
    }

    @Override
    public String toString() {
        return "neuron graph of " + blocks.architecture() + ": " + vertexSet().size() + " neurons, " + edgeCount()
                + " edges";
    }

    private Stream<Progression> incoming(int neuron) {
        return blocks.graph().incomingEdgesOf(blockOf(neuron)).stream()
                .map(block -> new Progression(first(block, neuron), 1, block.fanIn()));
    }

    /** Leaves out loops, which are among the outgoing edges already. */
    private Stream<Progression> incomingFromOthers(int neuron) {
        int k = placeOf(neuron);
        return blocks.graph().incomingEdgesOf(blockOf(neuron)).stream().flatMap(block -> {
            long first = first(block, neuron);
            if (!block.source().equals(block.target()) || !block.joins(k, k)) {
                return Stream.of(new Progression(first, 1, block.fanIn()));
            }
            long before = k - block.firstSource(k);
            return Stream.of(
                    new Progression(first, 1, before),
                    new Progression(first + before + 1, 1, block.fanIn() - before - 1));
        });
    }

    private Stream<Progression> outgoing(int neuron) {
        int s = placeOf(neuron);
        return blocks.graph().outgoingEdgesOf(blockOf(neuron)).stream().map(block -> {
            long target = (long) (s / block.fanIn()) * block.fanOut(); // the first that it feeds
            long first = firstEdge[block.index()] + target * block.fanIn() + s % block.fanIn();
            return new Progression(first, block.fanIn(), block.fanOut());
        });
    }

    /** Returns the first edge of a block into a neuron. */
    private long first(WeightBlock block, int target) {
        return firstEdge[block.index()] + (long) placeOf(target) * block.fanIn();
    }

    private int sourcePlace(WeightBlock block, long edge) {
        return block.firstSource(targetPlace(block, edge)) + (int) ((edge - firstEdge[block.index()]) % block.fanIn());
    }

    private int targetPlace(WeightBlock block, long edge) {
        return (int) ((edge - firstEdge[block.index()]) / block.fanIn());
    }

    private void requireNeuron(int neuron) {
        if (!containsVertex(neuron)) {
            throw new IllegalArgumentException(
                    "no neuron " + neuron + ", they are [0, " + firstNeuron[firstNeuron.length - 1] + ")");
        }
    }

    private void requireEdge(long edge) {
        if (!containsEdge(edge)) {
            throw new IllegalArgumentException("no edge " + edge + ", they are [0, " + edgeCount() + ")");
        }
    }

    /** Counts in long where JGraphT's default counts in int. */
    private final class Iterables implements GraphIterables<Integer, Long> {
        @Override
        public NeuronGraph getGraph() {
            return NeuronGraph.this;
        }

        @Override
        public long edgeCount() {
            return NeuronGraph.this.edgeCount();
        }
    }
}
