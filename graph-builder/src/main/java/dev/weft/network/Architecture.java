package dev.weft.network;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * An immutable graph of {@link Layer}s: everything about a network but its values. All checkpoints of one architecture
 * share one instance; their values are flat rows of {@link #parameterCount()} floats, laid out as {@link #parameters()}
 * says.
 *
 * <p>Equality and {@link #fingerprint()} go by the canonical JSON text.
 */
public final class Architecture {

    /** The name of the input in {@link Node#inputs()}, and of its block of neurons. */
    public static final String INPUT = "input";

    /** The most nodes that an architecture may have. */
    public static final int MAX_NODES = 100_000;

    /** The most parameters that an architecture may have: 2^48, a petabyte of floats. */
    public static final long MAX_PARAMETERS = 1L << 48;

    /** The longest name of a node or a family. */
    public static final int MAX_NAME = 200;

    private static final int SHOWN = 16; // widths in a message

    private final String family;
    private final Input input;
    private final List<Node> nodes;
    private final Wiring wiring;
    private final String json;
    private final String fingerprint;

    /**
     * A layer with its place in the graph.
     *
     * @param name unique; the prefix of its parameters' names; printable ASCII without blanks, so that it can be a file's
     *     or a tensor's name anywhere
     * @param layer the operation
     * @param inputs names of earlier nodes, or {@link #INPUT}
     */
    public record Node(String name, Layer layer, List<String> inputs) {
        public Node {
            requireName("a node's name", name, '!');
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * Checks the graph and derives tensors and blocks; the last node is the output.
     *
     * @param family for people, for example {@code siren}; printable ASCII
     * @param inputSize width of the input
     * @param nodes in an order in which every input comes before its use
     * @throws IllegalArgumentException if names repeat, an input is unknown, widths do not fit, or there are more
     *     than {@link #MAX_NODES} nodes or {@link #MAX_PARAMETERS} parameters
     */
    public Architecture(String family, int inputSize, List<Node> nodes) {
        this(family, new Input.Features(inputSize), nodes);
    }

    /**
     * Checks the graph and derives tensors and blocks; the last node is the output.
     *
     * @param family for people, for example {@code resnet18}; printable ASCII
     * @param input what the network reads
     * @param nodes in an order in which every input comes before its use
     * @throws IllegalArgumentException if names repeat, an input is unknown, shapes do not fit, or there are more
     *     than {@link #MAX_NODES} nodes or {@link #MAX_PARAMETERS} parameters
     */
    public Architecture(String family, Input input, List<Node> nodes) {
        requireName("a family", family, ' ');
        this.family = family;
        this.input = input;
        this.nodes = List.copyOf(nodes);
        this.wiring = Wiring.of(input, this.nodes);
        this.json = ArchitectureJson.write(this);
        this.fingerprint = ArchitectureJson.digest(json);
    }

    /** Reads what {@link #toJson()} wrote. */
    public static Architecture fromJson(String json) throws FormatException {
        return ArchitectureJson.read(json);
    }

    /** Starts a chain of layers. */
    public static Builder builder(String family, int inputSize) {
        return new Builder(family, new Input.Features(inputSize));
    }

    /** Starts a graph of layers. */
    public static Builder builder(String family, Input input) {
        return new Builder(family, input);
    }

    public String family() {
        return family;
    }

    public Input input() {
        return input;
    }

    /** Returns the number of input neurons: features, channels or words. */
    public int inputSize() {
        return input.size();
    }

    /** Returns the number of output neurons. */
    public int outputSize() {
        return outputForm().units().size();
    }

    public List<Node> nodes() {
        return nodes;
    }

    /** Returns the tensors in the order of the flat row. */
    public List<ParameterTensor> parameters() {
        return wiring.parameters();
    }

    /** Returns the blocks of neurons, the input first, each before the blocks that it feeds. */
    public List<NeuronBlock> blocks() {
        return wiring.blocks();
    }

    /** Returns the freedoms of scale. */
    public List<Gauge> gauges() {
        return wiring.gauges();
    }

    public NeuronBlock inputBlock() {
        return wiring.blocks().get(0);
    }

    /**
     * Returns the block of neurons that the output is made of.
     *
     * @throws IllegalArgumentException if it is made of several
     */
    public NeuronBlock outputBlock() {
        return blockOf(lastNode());
    }

    /** Returns the shape of one sample's output. */
    public Form outputForm() {
        return formOf(lastNode());
    }

    private String lastNode() {
        return nodes.get(nodes.size() - 1).name();
    }

    /** Returns the shape of one sample behind a node (or {@link #INPUT}) and the neurons that it is made of. */
    public Form formOf(String node) {
        Form form = wiring.forms().get(node);
        if (form == null) {
            throw new IllegalArgumentException(
                    "no node '" + node + "' in " + wiring.forms().keySet());
        }
        return form;
    }

    /**
     * Returns the block of neurons that the output of a node (or {@link #INPUT}) is made of.
     *
     * @throws IllegalArgumentException if it is made of several, side by side or at several positions
     */
    public NeuronBlock blockOf(String node) {
        OptionalInt block = formOf(node).units().soleBlock();
        return wiring.blocks()
                .get(block.orElseThrow(() -> new IllegalArgumentException(
                        "node '" + node + "' is not made of the neurons of one block, one value each")));
    }

    /** Returns the number of values that gradients change: P without running statistics. */
    public long trainableCount() {
        return parameters().stream()
                .filter(ParameterTensor::trainable)
                .mapToLong(ParameterTensor::size)
                .sum();
    }

    /** Returns P, the length of a flat row. */
    public long parameterCount() {
        List<ParameterTensor> all = parameters();
        return all.isEmpty() ? 0 : all.get(all.size() - 1).end();
    }

    /**
     * Checks that a row given for this architecture holds P values.
     *
     * @throws IllegalArgumentException if it does not
     */
    public void requireRowLength(long length) {
        if (length != parameterCount()) {
            throw new IllegalArgumentException(
                    "a row of " + this + " has " + parameterCount() + " values, got " + length);
        }
    }

    /** Returns the canonical JSON text: one line, fixed key order. */
    public String toJson() {
        return json;
    }

    /** Returns the SHA-256 of the canonical JSON in 64 hexadecimal digits. */
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Architecture other && json.equals(other.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    /** Returns family and widths, for example {@code siren 2-32-32-1}; of many widths the first and the last. */
    @Override
    public String toString() {
        List<NeuronBlock> all = blocks();
        if (all.size() <= SHOWN) {
            return family + ' ' + widths(all);
        }
        return family + ' ' + widths(all.subList(0, SHOWN / 2)) + "-...-"
                + widths(all.subList(all.size() - SHOWN / 2, all.size()));
    }

    private static String widths(List<NeuronBlock> blocks) {
        return blocks.stream().map(block -> Integer.toString(block.size())).collect(Collectors.joining("-"));
    }

    private static void requireName(String what, String name, char lowest) {
        if (name.isBlank() || name.length() > MAX_NAME || name.chars().anyMatch(c -> c < lowest || c > '~')) {
            throw new IllegalArgumentException(what + " is 1 to " + MAX_NAME + " printable ASCII characters"
                    + (lowest > ' ' ? " without blanks" : "") + ", got '" + name + "'");
        }
    }

    /** Chains layers; {@link #add(String, Layer)} feeds a layer with the one before it. */
    public static final class Builder {
        private final String family;
        private final Input input;
        private final List<Node> nodes = new ArrayList<>();

        private Builder(String family, Input input) {
            this.family = family;
            this.input = input;
        }

        /** Appends a layer that reads the previous one. */
        public Builder add(String name, Layer layer) {
            return add(name, layer, last());
        }

        /** Appends a layer that reads the given nodes. */
        public Builder add(String name, Layer layer, String... inputs) {
            nodes.add(new Node(name, layer, List.of(inputs)));
            return this;
        }

        /** Returns the name of the last node, {@link #INPUT} before the first. */
        public String last() {
            return nodes.isEmpty() ? INPUT : nodes.get(nodes.size() - 1).name();
        }

        public Architecture build() {
            return new Architecture(family, input, nodes);
        }
    }
}
