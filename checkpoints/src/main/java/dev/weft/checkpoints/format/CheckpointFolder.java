package dev.weft.checkpoints.format;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Folders with one checkpoint under a usual name, as they are downloaded. */
final class CheckpointFolder {

    /** The names in the order in which they are looked for. */
    private static final List<String> NAMES = List.of(
            "model.safetensors.index.json",
            "model.safetensors",
            "pytorch_model.bin.index.json",
            "pytorch_model.bin",
            "model.onnx");

    private CheckpointFolder() {}

    /** Returns a file as it is, and for a folder the checkpoint in it. */
    static Path resolve(Path path) throws NoSuchFileException {
        if (!Files.isDirectory(path)) {
            return path;
        }
        return NAMES.stream()
                .map(path::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new NoSuchFileException(
                        path.toString(), null, "a folder with no checkpoint called " + String.join(", ", NAMES)));
    }
}
