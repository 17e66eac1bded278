package dev.weft.cli.options;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The checks of a file that a command is told to write, before it does any work. */
public final class TargetFile {

    private TargetFile() {}

    /**
     * Refuses a file that cannot be written or may not be replaced.
     *
     * @param force whether an older file is replaced
     * @throws NoSuchFileException if the folder to write to does not exist
     * @throws FileAlreadyExistsException if there is a directory of this name, or a file and no force
     */
    public static void check(Path file, boolean force) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(String.valueOf(folder), null, "the folder to write to does not exist");
        }
        checkAbsent(file, force);
    }

    /** As {@link #check}, for files whose folder is made when they are written. */
    public static void checkAbsent(Path file, boolean force) throws FileAlreadyExistsException {
        if (Files.isDirectory(file)) {
            throw new FileAlreadyExistsException(
                    file.toString(), null, "expected the name of a file, found a directory");
        }
        if (Files.exists(file) && !force) {
            throw new FileAlreadyExistsException(file.toString(), null, "exists already; --force replaces it");
        }
    }
}
