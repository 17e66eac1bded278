package dev.weft.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What follows from an architecture's nodes: the blocks of neurons and the labelled tensors of the flat row. */
record Wiring(List<NeuronBlock> blocks, List<ParameterTensor> parameters, Map<String, Integer> blockOfNode) {

    static Wiring of(int inputSize, List<Architecture.Node> nodes) {
        if (inputSize < 1) {
            throw new IllegalArgumentException("input size must be positive, got " + inputSize);
        }
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("an architecture needs at least one layer");
        }
        if (nodes.size() > Architecture.MAX_NODES) {
            throw new IllegalArgumentException(
                    "an architecture has at most " + Architecture.MAX_NODES + " nodes, got " + nodes.size());
        }
        Derivation derivation = new Derivation(inputSize);
        nodes.forEach(derivation::add);
        return derivation.finish(nodes.get(nodes.size() - 1).name());
    }

    /** One pass over the nodes in order. */
    private static final class Derivation {
        private final List<NeuronBlock> blocks = new ArrayList<>();
        private final List<ParameterTensor> parameters = new ArrayList<>();
        private final Map<String, Integer> blockOfNode = new LinkedHashMap<>();
        private long offset;

        Derivation(int inputSize) {
            blocks.add(new NeuronBlock(0, Architecture.INPUT, inputSize, NeuronBlock.Role.INPUT));
            blockOfNode.put(Architecture.INPUT, 0);
        }

        void add(Architecture.Node node) {
            if (blockOfNode.containsKey(node.name())) {
                throw new IllegalArgumentException("two nodes are called '" + node.name() + "'");
            }
            if (node.inputs().size() != 1) {
                throw new IllegalArgumentException("node '" + node.name() + "' takes one input, got " + node.inputs());
            }
            Integer source = blockOfNode.get(node.inputs().get(0));
            if (source == null) {
                throw new IllegalArgumentException("node '" + node.name() + "' reads '"
                        + node.inputs().get(0) + "', which no earlier node is called");
            }
            blockOfNode.put(node.name(), output(node, source));
        }

        private int output(Architecture.Node node, int source) {
            if (node.layer() instanceof Layer.Linear linear) {
                return linear(node.name(), linear, source);
            }
            return source; // offsets and activations act on each neuron by itself
        }

        private int linear(String name, Layer.Linear linear, int source) {
            int width = blocks.get(source).size();
            if (linear.in() != width) {
                throw new IllegalArgumentException(
                        "node '" + name + "' expects " + linear.in() + " inputs, but gets " + width);
            }
            int target = blocks.size();
            blocks.add(new NeuronBlock(target, name, linear.out(), NeuronBlock.Role.HIDDEN));
            parameter(name + ".weight", List.of(linear.out(), linear.in()), List.of(target, source));
            if (linear.bias()) {
                parameter(name + ".bias", List.of(linear.out()), List.of(target));
            }
            return target;
        }

        private void parameter(String name, List<Integer> shape, List<Integer> axes) {
            ParameterTensor tensor = new ParameterTensor(name, shape, offset, axes);
            parameters.add(tensor);
            if (tensor.size() > Architecture.MAX_PARAMETERS - offset) {
                throw new IllegalArgumentException("an architecture has at most " + Architecture.MAX_PARAMETERS
                        + " parameters, '" + name + "' " + shape + " goes beyond");
            }
            offset = tensor.end();
        }

        Wiring finish(String last) {
            int output = blockOfNode.getOrDefault(last, 0);
            NeuronBlock block = blocks.get(output);
            if (output != 0) {
                blocks.set(output, new NeuronBlock(output, block.name(), block.size(), NeuronBlock.Role.OUTPUT));
            }
            return new Wiring(List.copyOf(blocks), List.copyOf(parameters), Collections.unmodifiableMap(blockOfNode));
        }
    }
}
