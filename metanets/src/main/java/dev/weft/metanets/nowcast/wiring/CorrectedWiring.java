package dev.weft.metanets.nowcast.wiring;

import dev.weft.graph.NeuronTensor;
import dev.weft.graph.ParameterGraph;
import dev.weft.graph.WeightBlock;
import dev.weft.graph.WeightBlock.Extent;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Form;
import dev.weft.metanets.nowcast.wiring.EdgeBlock.Strided;
import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.ParameterTensor;
import java.util.List;

/**
 * The wiring that follows a network's true connections, from its {@link ParameterGraph}: neurons that are permuted together
 * are nodes once, a residual stream included, heads are joined to their coordinates, every bias and gain hangs on its own
 * neurons, and every edge has one back. The edge from input to output is the one that forecasts.
 *
 * <p>The released weights have never seen such graphs: this is for weights that are trained on them.
 */
public final class CorrectedWiring {

    private final ParameterGraph graph;
    private final EdgeRoles roles;
    private final WiringBuilder builder;
    private final Nodes[] neurons;

    private CorrectedWiring(Architecture architecture) {
        graph = ParameterGraph.of(architecture);
        roles = new EdgeRoles(architecture);
        builder = new WiringBuilder(RowLayout.ofTrained(architecture));
        neurons = new Nodes[graph.blocks().size()];
    }

    /**
     * Wires the trained tensors of an architecture.
     *
     * @throws IllegalArgumentException if the weights of a pair of neurons are not evenly spaced in the row
     */
    public static WiredGraph of(Architecture architecture) {
        CorrectedWiring wiring = new CorrectedWiring(architecture);
        wiring.wire();
        return wiring.builder.build();
    }

    private void wire() {
        for (NeuronBlock block : graph.blocks()) {
            neurons[block.index()] = builder.nodes(block.size());
        }
        for (WeightBlock weight : graph.weights()) {
            if (weight.tensor().trainable()) {
                wire(weight);
            }
        }
        for (NeuronBlock block : graph.blocks()) {
            wireHeads(block);
            for (NeuronTensor tensor : graph.neurons(block)) {
                if (tensor.tensor().trainable()) {
                    wire(tensor);
                }
            }
        }
    }

    private Nodes nodes(NeuronBlock block) {
        return neurons[block.index()];
    }

    private void wire(WeightBlock weight) {
        EdgeType type = roles.of(weight);
        if (weight.fanIn() == 1 && weight.fanOut() == 1) {
            join(weight, type, 0, weight.target().size(), Form.DIAGONAL);
            return;
        }
        for (int group = 0; group < weight.target().size() / weight.fanOut(); group++) {
            join(weight, type, group, weight.fanOut(), Form.TARGET_ROWS);
        }
    }

    /** Joins the sources and targets of a group, or all of them one to one. */
    private void join(WeightBlock weight, EdgeType type, int group, int targets, Form form) {
        WeightBlock.Layout place = weight.layout();
        Strided values = strided(
                weight.tensor(),
                place.first() + (long) group * targets * place.targetStride(),
                place.targetStride(),
                place.sourceStride(),
                place.features());
        int columns = form == Form.DIAGONAL ? 1 : weight.fanIn();
        int source = nodes(weight.source()).first() + group * weight.fanIn();
        int target = nodes(weight.target()).first() + group * targets;
        addBothWays(new EdgeBlock(weight.tensor().name(), type, values, targets, columns, form, source, target, true));
    }

    /** Joins values to the neurons that they belong to: a node for each value of a neuron. */
    private void wire(NeuronTensor tensor) {
        Strided values = strided(tensor.tensor(), tensor.first(), tensor.stride(), 0, tensor.extents());
        Strided cells = new Strided(values.tensor(), values.first(), values.rowStride(), values.featureStride(), 1, 1);
        Nodes nodes = builder.nodes(values.features());
        addBothWays(new EdgeBlock(
                tensor.tensor().name(),
                roles.of(tensor),
                cells,
                tensor.block().size(),
                values.features(),
                Form.TARGET_ROWS,
                nodes.first(),
                nodes(tensor.block()).first(),
                true));
    }

    private void wireHeads(NeuronBlock block) {
        int groups;
        if (block.structure() instanceof Structure.Within within) {
            groups = within.groups();
        } else if (block.structure() instanceof Structure.Pairs pairs) {
            groups = pairs.outer();
        } else {
            return;
        }
        NeuronBlock heads = graph.blocks().get(groups);
        int size = block.size() / heads.size();
        for (int head = 0; head < heads.size(); head++) {
            int coordinates = nodes(block).first() + head * size;
            addBothWays(new EdgeBlock(
                    "head " + head + " of " + block.name(),
                    EdgeType.HEAD,
                    null,
                    size,
                    1,
                    Form.TARGET_ROWS,
                    nodes(heads).first() + head,
                    coordinates,
                    false));
        }
    }

    private void addBothWays(EdgeBlock block) {
        builder.add(block);
        builder.add(new EdgeBlock(
                block.name(),
                block.type(),
                block.values(),
                block.rows(),
                block.columns(),
                block.form() == Form.TARGET_ROWS ? Form.SOURCE_ROWS : block.form(),
                block.firstTarget(),
                block.firstSource(),
                false));
    }

    /** Takes the axes that run over a cell's values for one, if they are evenly spaced. */
    private Strided strided(
            ParameterTensor tensor, long first, long rowStride, long columnStride, List<Extent> extents) {
        int features = 1;
        long stride = 1;
        for (int i = extents.size() - 1; i >= 0; i--) {
            Extent extent = extents.get(i);
            if (features > 1 && extent.stride() != features * stride) {
                throw new IllegalArgumentException("tensor '" + tensor.name()
                        + "': the weights of a pair of neurons are not evenly spaced, " + extents);
            }
            stride = features > 1 ? stride : extent.stride();
            features *= extent.size();
        }
        RowTensor row = builder.tensor(tensor.name());
        return new Strided(row, first - tensor.offset(), rowStride, columnStride, features, stride);
    }
}
