package dev.weft.checkpoints;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Everything below a folder: relative path to digest, folders to "folder". */
final class FolderContent {

    private FolderContent() {}

    static Map<String, String> of(Path folder) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.forEach(file -> content.put(folder.relativize(file).toString(), digest(file)));
        }
        return content;
    }

    private static String digest(Path file) {
        try {
            return Files.isDirectory(file) ? "folder" : Digest.sha256(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
