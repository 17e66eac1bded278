package dev.weft.hypernets.ghn;

import dev.weft.graph.ComputationGraph;
import dev.weft.graph.ComputationNode;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What is decoded for the nodes of several graphs, and where it goes. Nodes are counted through all graphs.
 *
 * @param groups nodes by what is decoded for them
 * @param tensors where the decoded values go, in the order of the nodes
 */
record DecodingPlan(Map<DecodedShape, List<Integer>> groups, List<Destination> tensors) {

    /**
     * A tensor and the decoded values that it is made of.
     *
     * @param graph number of the graph
     * @param shape of the decoded values
     * @param member place of the node among those with this shape
     */
    record Destination(int graph, DecodedShape shape, int member, Placement placement) {}

    /**
     * Plans graphs.
     *
     * @param classLayers whether the layers that put out classes are predicted
     * @throws IllegalArgumentException if a tensor is beyond the decoder's range; it is named
     */
    static DecodingPlan of(GhnConfig config, List<ComputationGraph> graphs, boolean classLayers) {
        DecodingPlan plan = new DecodingPlan(new LinkedHashMap<>(), new ArrayList<>());
        int before = 0;
        for (int g = 0; g < graphs.size(); g++) {
            ComputationGraph graph = graphs.get(g);
            int classes = graph.classWeight().map(ComputationNode::index).orElse(Integer.MAX_VALUE);
            for (ComputationNode node : graph.nodes()) {
                if (!node.tensors().isEmpty() && node.index() < classes) {
                    plan.add(g, before, node, DecodedShape.of(config, node), config);
                }
            }
            if (classLayers && classes != Integer.MAX_VALUE) {
                plan.addClasses(g, before, graph, config);
            }
            before += graph.nodes().size();
        }
        return plan;
    }

    private void addClasses(int g, int before, ComputationGraph graph, GhnConfig config) {
        ComputationNode weight = graph.classWeight().orElseThrow();
        ComputationNode bias = graph.nodes().get(weight.index() + 1);
        if (weight.shape().get(0) != config.classes()) {
            throw new IllegalArgumentException("'" + weight.name() + "': the network has "
                    + weight.shape().get(0) + " outputs, but the hypernetwork writes layers for " + config.classes()
                    + " classes");
        }
        DecodedShape shape = DecodedShape.classWeight(config, weight);
        add(g, before, weight, shape, Placement.classWeight(weight.tensors().get(0), shape));
        add(
                g,
                before,
                bias,
                DecodedShape.classBias(config),
                Placement.classBias(bias.tensors().get(0)));
    }

    private void add(int g, int before, ComputationNode node, DecodedShape shape, GhnConfig config) {
        if (shape.kind() == DecodedShape.Kind.WEIGHT) {
            add(g, before, node, shape, Placement.weight(node, shape));
            return;
        }
        List<ParameterTensor> held = node.tensors();
        boolean gain = node.operation().norm();
        add(g, before, node, shape, Placement.vector(config, held.get(0), gain));
        if (held.size() > 1) {
            int member = Objects.requireNonNull(groups.get(shape), "group").size() - 1;
            tensors.add(new Destination(g, shape, member, Placement.vector(config, held.get(1), false)));
        }
    }

    private void add(int g, int before, ComputationNode node, DecodedShape shape, Placement placement) {
        List<Integer> members = groups.computeIfAbsent(shape, key -> new ArrayList<>());
        tensors.add(new Destination(g, shape, members.size(), placement));
        members.add(before + node.index());
    }
}
