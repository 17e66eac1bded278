package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.PieceReader;
import dev.weft.checkpoints.format.TensorSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes a state dict that {@code torch.load(file, weights_only=True)} reads: a flat dict of contiguous tensors. Texts
 * that come with the tensors are in an entry that PyTorch ignores and Weft reads back.
 */
final class PyTorchWriter {

    private static final String ROOT = "archive/";

    private PyTorchWriter() {}

    /** Writes or replaces a file; it appears whole or not at all. */
    static void write(TensorSource source, Path file) throws IOException {
        Map<String, ? extends NamedTensor> tensors = source.tensors();
        AtomicFile.write(file, channel -> {
            ZipWriter zip = new ZipWriter(channel);
            zip.add(ROOT + PyTorchFile.PICKLE, PickleWriter.write(tensors.values()));
            zip.add(ROOT + PyTorchFile.BYTE_ORDER, "little".getBytes(StandardCharsets.US_ASCII));
            int key = 0;
            for (NamedTensor tensor : tensors.values()) {
                zip.add(
                        ROOT + "data/" + key++,
                        tensor.byteLength(),
                        sink -> PieceReader.forEach(source, tensor, (piece, first) -> sink.write(piece)));
            }
            zip.add(ROOT + "version", "3\n".getBytes(StandardCharsets.US_ASCII));
            if (!source.metadata().isEmpty()) {
                zip.add(ROOT + PyTorchFile.METADATA, MetadataJson.write(source.metadata()));
            }
            zip.finish();
        });
    }
}
