package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Names of files inside files. They may lead into the folder of the file that names them, and nowhere else: no absolute
 * path, no {@code ..}, no backslash. Symbolic links that lie in the folder are followed, since download caches are made
 * of them.
 */
public final class RelativePaths {

    private RelativePaths() {}

    /**
     * Returns the file that {@code owner} means by {@code name}.
     *
     * @param what what is in it, for example {@code tensor 'x'}
     */
    public static Path resolve(Path owner, String name, String what) throws FormatException {
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new FormatException.Corrupt(
                    owner.toString(), what + ": '" + name + "' is no name of a file: " + e.getReason(), e);
        }
        boolean leaves = path.isAbsolute()
                || name.isEmpty()
                || name.startsWith("/")
                || name.contains("\\")
                || name.contains(":")
                || hasDots(path);
        if (leaves) {
            throw new FormatException.Corrupt(
                    owner.toString(),
                    what + ": expected the name of a file in the same folder or below, found '" + name + "'");
        }
        Path file = owner.resolveSibling(path);
        if (!Files.isRegularFile(file)) {
            throw new FormatException.Corrupt(owner.toString(), what + " is in '" + name + "', which is missing");
        }
        return file;
    }

    private static boolean hasDots(Path path) {
        for (Path part : path) {
            if (part.toString().equals("..")) {
                return true;
            }
        }
        return false;
    }
}
