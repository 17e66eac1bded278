package dev.weft.cli.results;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Keeps processes from working in one folder at the same time. It is the system's lock on a file {@code lock}: it ends with
 * the process, however that ends, and the file that stays behind means nothing.
 */
final class FolderLock implements Closeable {

    private static final String FILE = "lock";

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits until nobody else works in the folder, which is made if there is none. */
    static FolderLock await(Path folder) throws IOException {
        FileChannel channel = open(folder);
        try {
            channel.lock();
            return new FolderLock(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** Takes the folder, which is made if there is none; nothing if another process works there. */
    static Optional<FolderLock> tryTake(Path folder) throws IOException {
        FileChannel channel = open(folder);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            return Optional.empty();
        }
        return Optional.of(new FolderLock(channel));
    }

    /** @throws IllegalArgumentException if another process works in the folder, which is made if there is none */
    static FolderLock take(Path folder) throws IOException {
        return tryTake(folder)
                .orElseThrow(
                        () -> new IllegalArgumentException(folder + ": another process is at work there; wait for it,"
                                + " or choose other --arms, --seeds or --parts"));
    }

    private static FileChannel open(Path folder) throws IOException {
        Files.createDirectories(folder);
        return FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
