package dev.weft.checkpoints;

import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Takes single networks out of a zoo, as safetensors with PyTorch's names and layouts. */
public final class ZooExport {

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
     * @param metadata free texts, see {@link NetworkTensors}
     */
    public static void write(Architecture architecture, float[] row, Map<String, String> metadata, Path file)
            throws IOException {
        TensorFormat.named("safetensors").orElseThrow().write(new NetworkTensors(architecture, row, metadata), file);
    }
}
