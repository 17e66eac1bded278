package dev.weft.cli.model;

import dev.weft.checkpoints.format.InrRecogniser;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.topology.OnnxNetwork;
import dev.weft.checkpoints.format.onnx.topology.OnnxTopology;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import java.io.IOException;

/** The parameters of a checkpoint from elsewhere, for a run that reads networks of one architecture. */
public final class NetworkRow {

    private NetworkRow() {}

    /**
     * Reads a network: from an ONNX model's graph, or by the names of its layers.
     *
     * @param expected the architecture; its w0 and offset are taken for those of a file that does not tell
     * @return [P]
     * @throws FormatException if the file holds another network
     */
    public static float[] read(TensorFile file, Architecture expected) throws IOException {
        if (OnnxTopology.isIn(file)) {
            OnnxNetwork network = OnnxTopology.read((OnnxFile) file);
            requireEqual(file, expected, network.architecture());
            return network.row((OnnxFile) file);
        }
        return named(file, expected);
    }

    /**
     * Reads a network by the names of its layers.
     *
     * @return [P]
     * @throws FormatException if the tensors are another network's
     */
    public static float[] named(TensorSource tensors, Architecture expected) throws IOException {
        InrRecogniser.Recognised found = InrRecogniser.siren(tensors, w0(expected), offset(expected));
        requireEqual(tensors, expected, found.architecture());
        return found.row();
    }

    private static void requireEqual(TensorSource file, Architecture expected, Architecture found)
            throws FormatException {
        if (!found.equals(expected)) {
            throw new FormatException.Unsupported(
                    file.origin(), "the run reads " + describe(expected) + ", found " + describe(found));
        }
    }

    private static String describe(Architecture architecture) {
        return architecture + " (w0 " + w0(architecture) + ", offset " + offset(architecture) + ")";
    }

    private static double w0(Architecture architecture) {
        return architecture.nodes().stream()
                .map(Architecture.Node::layer)
                .filter(Layer.Sine.class::isInstance)
                .mapToDouble(layer -> ((Layer.Sine) layer).w0())
                .findFirst()
                .orElse(1);
    }

    private static double offset(Architecture architecture) {
        return architecture.nodes().stream()
                .map(Architecture.Node::layer)
                .filter(Layer.Offset.class::isInstance)
                .mapToDouble(layer -> ((Layer.Offset) layer).value())
                .findFirst()
                .orElse(0);
    }
}
