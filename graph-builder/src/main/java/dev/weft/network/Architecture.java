package dev.weft.network;

import java.util.ArrayList;
import java.util.List;
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
    private final int inputSize;
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
        requireName("a family", family, ' ');
        this.family = family;
        this.inputSize = inputSize;
        this.nodes = List.copyOf(nodes);
        this.wiring = Wiring.of(inputSize, this.nodes);
        this.json = ArchitectureJson.write(this);
        this.fingerprint = ArchitectureJson.digest(json);
    }

    /** Reads what {@link #toJson()} wrote. */
    public static Architecture fromJson(String json) throws FormatException {
        return ArchitectureJson.read(json);
    }

    /** Starts a chain of layers. */
    public static Builder builder(String family, int inputSize) {
        return new Builder(family, inputSize);
    }

    public String family() {
        return family;
    }

    public int inputSize() {
        return inputSize;
    }

    public int outputSize() {
        return outputBlock().size();
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

    public NeuronBlock inputBlock() {
        return wiring.blocks().get(0);
    }

    public NeuronBlock outputBlock() {
        return blockOf(nodes.get(nodes.size() - 1).name());
    }

    /** Returns the block of neurons that the output of a node (or {@link #INPUT}) is made of. */
    public NeuronBlock blockOf(String node) {
        Integer block = wiring.blockOfNode().get(node);
        if (block == null) {
            throw new IllegalArgumentException(
                    "no node '" + node + "' in " + wiring.blockOfNode().keySet());
        }
        return wiring.blocks().get(block);
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

    /** Chains layers; {@link #add} feeds a layer with the one before it. */
    public static final class Builder {
        private final String family;
        private final int inputSize;
        private final List<Node> nodes = new ArrayList<>();

        private Builder(String family, int inputSize) {
            this.family = family;
            this.inputSize = inputSize;
        }

        /** Appends a layer that reads the previous one. */
        public Builder add(String name, Layer layer) {
            String previous =
                    nodes.isEmpty() ? INPUT : nodes.get(nodes.size() - 1).name();
            nodes.add(new Node(name, layer, List.of(previous)));
            return this;
        }

        public Architecture build() {
            return new Architecture(family, inputSize, nodes);
        }
    }
}
