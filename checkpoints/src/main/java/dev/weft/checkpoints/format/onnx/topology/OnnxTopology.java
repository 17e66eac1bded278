package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxValue;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads the network that an ONNX graph computes, for operator sets 11 to 21 as PyTorch's exporters use them.
 *
 * <p>What has no counterpart among our layers is refused with the node's name, its operator and what was expected. Nothing
 * is guessed: a value that a layer leaves out (a causal mask, an epsilon) is taken from the graph, by computing what does not
 * depend on the input. Dropout is left out, and values of half precision are computed in full.
 */
public final class OnnxTopology {

    /** The family of architectures that come from ONNX. */
    public static final String FAMILY = "onnx";

    /** Words of the longest text where neither the file nor a table of positions tells. */
    public static final int LENGTH_DEFAULT = 1024;

    /**
     * What the file leaves open.
     *
     * @param sizes what to take for axes without a fixed size, by the names that the file gives them
     * @param output which output is the network's, or nothing for the first
     */
    public record Settings(Map<String, Integer> sizes, String output) {

        public static final Settings DEFAULT = new Settings(Map.of(), "");

        public Settings {
            sizes = Map.copyOf(sizes);
        }
    }

    private OnnxTopology() {}

    /** Whether a file has a graph to read, and not only tensors. */
    public static boolean isIn(TensorFile file) {
        return file instanceof OnnxFile onnx && !onnx.model().graph().nodes().isEmpty();
    }

    /** Reads a network with {@link Settings#DEFAULT}. */
    public static OnnxNetwork read(OnnxFile file) throws IOException {
        return read(file, Settings.DEFAULT);
    }

    /**
     * Reads a network.
     *
     * @throws FormatException.Unsupported if a node has no counterpart among our layers
     */
    public static OnnxNetwork read(OnnxFile file, Settings settings) throws IOException {
        try {
            GraphInputs inputs = new GraphInputs(file, settings.sizes());
            List<String> outputs =
                    file.model().graph().outputs().stream().map(OnnxValue::name).toList();
            String output = output(file, outputs, settings.output());
            GraphReading reading = new GraphReading(file, inputs);
            int last = reading.read(output);
            List<String> assumptions = new ArrayList<>(inputs.assumptions());
            assumptions.addAll(reading.assumptions());
            outputs.stream()
                    .filter(name -> !name.equals(output))
                    .forEach(name -> assumptions.add("output '" + name + "' is left out"));
            return new Naming(reading.drafts(), last).network(assumptions);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new FormatException.Unsupported(file.origin(), String.valueOf(e.getMessage()), e);
        }
    }

    private static String output(OnnxFile file, List<String> outputs, String asked) throws FormatException {
        if (outputs.isEmpty() || (!asked.isEmpty() && !outputs.contains(asked))) {
            throw new FormatException.Unsupported(
                    file.origin(),
                    "expected an output" + (asked.isEmpty() ? "" : " '" + asked + "'") + ", found " + outputs);
        }
        return asked.isEmpty() ? outputs.get(0) : asked;
    }
}
