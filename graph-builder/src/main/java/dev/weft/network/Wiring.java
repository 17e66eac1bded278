package dev.weft.network;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What follows from an architecture's nodes: the blocks of neurons, the labelled tensors of the flat row, the freedoms of
 * scale, and what each node puts out.
 */
record Wiring(List<NeuronBlock> blocks, List<ParameterTensor> parameters, List<Gauge> gauges, Map<String, Form> forms) {

    static Wiring of(Input input, List<Architecture.Node> nodes) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("an architecture needs at least one layer");
        }
        if (nodes.size() > Architecture.MAX_NODES) {
            throw new IllegalArgumentException(
                    "an architecture has at most " + Architecture.MAX_NODES + " nodes, got " + nodes.size());
        }
        Map<String, Integer> readers = new HashMap<>();
        nodes.forEach(node -> node.inputs().forEach(name -> readers.merge(name, 1, Integer::sum)));
        Derivation derivation = new Derivation(input, readers);
        nodes.forEach(derivation::add);
        return derivation.finish(nodes.get(nodes.size() - 1).name());
    }
}
