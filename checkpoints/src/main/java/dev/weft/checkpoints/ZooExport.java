package dev.weft.checkpoints;

import dev.weft.checkpoints.format.InrRecogniser;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Takes single networks out of a zoo, as safetensors with PyTorch's names and layouts. */
public final class ZooExport {

    /** The counter of batches that PyTorch keeps beside running moments and asks for in a state dict. */
    private static final String COUNTER = "num_batches_tracked";

    private ZooExport() {}

    /** Writes a row, with what is known about it as metadata. */
    public static void write(Zoo zoo, int row, Path file) throws IOException {
        Map<String, String> metadata = new TreeMap<>();
        metadata.put("id", zoo.id(row));
        metadata.put("run_id", zoo.runId(row));
        metadata.put("step", String.valueOf(zoo.step(row)));
        metadata.put("split", zoo.split(row).text());
        metadata.put("source", zoo.source(row));
        int label = zoo.label(row);
        if (label != ZooRow.NO_LABEL) {
            metadata.put("label", String.valueOf(label));
            if (!zoo.header().classes().isEmpty()) {
                metadata.put("class", zoo.header().classes().get(label));
            }
        }
        write(zoo.architecture(row), zoo.parameters(row), metadata, file);
    }

    /**
     * Writes a network.
     *
     * @param row [P]
     * @param metadata free texts; the architecture's JSON, and w0 and offset where it has them, are added
     */
    public static void write(Architecture architecture, float[] row, Map<String, String> metadata, Path file)
            throws IOException {
        if (row.length != architecture.parameterCount()) {
            throw new IllegalArgumentException(
                    architecture + " has " + architecture.parameterCount() + " parameters, got " + row.length);
        }
        SafetensorsWriter writer = new SafetensorsWriter().metadata(metadata);
        writer.metadata("architecture", architecture.toJson());
        for (Architecture.Node node : architecture.nodes()) {
            if (node.layer() instanceof Layer.Sine sine) {
                writer.metadata(InrRecogniser.W0, String.valueOf(sine.w0()));
            } else if (node.layer() instanceof Layer.Offset offset) {
                writer.metadata(InrRecogniser.OFFSET, String.valueOf(offset.value()));
            }
        }
        for (Architecture.Node node : architecture.nodes()) {
            if (node.layer() instanceof Norm.BatchNorm norm && norm.running()) {
                writer.add(ParameterTensor.nameOf(node.name(), COUNTER), new long[0], new long[] {0});
            }
        }
        for (ParameterTensor tensor : architecture.parameters()) {
            long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
            writer.add(tensor.name(), shape, Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end()));
        }
        writer.write(file);
    }
}
