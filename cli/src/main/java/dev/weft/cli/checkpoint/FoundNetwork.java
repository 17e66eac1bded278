package dev.weft.cli.checkpoint;

import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.topology.OnnxNetwork;
import dev.weft.checkpoints.format.onnx.topology.OnnxTopology;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.checkpoints.format.recognise.NetworkFile;
import dev.weft.checkpoints.format.recognise.Recognition;
import dev.weft.network.Architecture;
import java.io.IOException;

/**
 * The network in a checkpoint: read from an ONNX model's graph, or recognised.
 *
 * @param architecture without values
 * @param summary for people
 */
record FoundNetwork(Architecture architecture, NetworkSummary summary) {

    /** @throws dev.weft.network.FormatException if there is none that is supported */
    static FoundNetwork in(TensorFile file, Hints hints) throws IOException {
        if (file instanceof OnnxFile onnx && hints.architecture() == null && OnnxTopology.isIn(onnx)) {
            OnnxNetwork network = OnnxTopology.read(onnx);
            return new FoundNetwork(network.architecture(), NetworkSummary.of(network, onnx));
        }
        Recognition found = NetworkFile.recognise(file, hints);
        return new FoundNetwork(found.architecture(), NetworkSummary.of(found));
    }
}
