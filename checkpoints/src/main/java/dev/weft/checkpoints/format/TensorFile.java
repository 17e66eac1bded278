package dev.weft.checkpoints.format;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file of named tensors, of any format. Opening reads and checks headers only; values come when asked for. Not safe
 * for use by several threads at once.
 *
 * <pre>{@code
 * try (TensorFile file = TensorFile.open(Path.of("model.pt"))) {
 *     float[] weight = file.floats("layer.weight"); // row-major
 * }
 * }</pre>
 */
public interface TensorFile extends TensorSource, AutoCloseable {

    /**
     * Opens a file of a format that its content tells.
     *
     * @param path a file, or a folder with one under a usual name such as {@code model.safetensors}
     */
    static TensorFile open(Path path) throws IOException {
        Path file = CheckpointFolder.resolve(path);
        return TensorFormat.of(file).open(file);
    }

    /** Returns the file's path. */
    Path file();

    /** Returns the format's name, for example {@code safetensors}. */
    String format();

    @Override
    default String origin() {
        return file().toString();
    }

    @Override
    void close() throws IOException;
}
