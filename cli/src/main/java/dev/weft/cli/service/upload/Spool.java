package dev.weft.cli.service.upload;

import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of uploads. Each one is a file in a folder of its own, so that nothing in it can refer to another's, under a
 * name that no client chooses; all of them together are bounded. Folders that are empty again serve the next uploads, since
 * making them costs as much as a small file. The spool is its owner's alone and goes with the service.
 */
public final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int PIECE = 1 << 16;

    private final Path folder;
    private final long maxUpload;
    private final long maxTotal;
    private final AtomicLong total = new AtomicLong();
    private final Queue<Path> empty = new ConcurrentLinkedQueue<>();

    private Spool(Path folder, long maxUpload, long maxTotal) {
        this.folder = folder;
        this.maxUpload = maxUpload;
        this.maxTotal = maxTotal;
    }

    /**
     * Makes a new folder among the system's temporary ones.
     *
     * @param maxUpload bytes of one upload
     * @param maxTotal bytes of all uploads that are there at once
     */
    public static Spool create(long maxUpload, long maxTotal) throws IOException {
        return new Spool(Files.createTempDirectory("weft-serve-"), maxUpload, maxTotal);
    }

    /** Refuses an upload by the length that its sender announces. */
    public void requireFits(long announced) {
        if (announced > maxUpload) {
            throw tooLarge(announced);
        }
    }

    /**
     * Takes an upload to its end.
     *
     * @throws dev.weft.cli.service.problem.ServiceException if it is too large, alone or with the others
     */
    public Upload receive(InputStream body) throws IOException {
        Upload upload = begin();
        try {
            try (OutputStream out = upload.output()) {
                byte[] piece = new byte[PIECE];
                for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
                    out.write(piece, 0, read);
                }
            }
            return upload;
        } catch (IOException | RuntimeException e) {
            upload.close();
            throw e;
        }
    }

    /** Begins a file that is to be written by {@link Upload#output()}. */
    public Upload begin() throws IOException {
        Path reused = empty.poll();
        Path own = reused == null ? Files.createTempDirectory(folder, "") : reused;
        return new Upload(this, own.resolve(Upload.NAME));
    }

    /** Deletes an upload's file and takes its folder back. */
    void end(Upload upload) {
        Path own = upload.file().getParent();
        if (delete(upload.file()) && own != null) {
            empty.add(own);
        }
        total.addAndGet(-upload.size());
    }

    /** Counts bytes before they are written. */
    void reserve(long size, long more) {
        if (size + more > maxUpload) {
            throw tooLarge(size + more);
        }
        if (total.addAndGet(more) > maxTotal) {
            total.addAndGet(-more);
            throw Problem.BUSY.because("other uploads fill the space that there is for them");
        }
    }

    private RuntimeException tooLarge(long bytes) {
        return Problem.TOO_LARGE.because(
                String.format(Locale.ROOT, "expected at most %,d bytes, found %,d or more", maxUpload, bytes));
    }

    /** Returns a failure in whose message uploads have no path. */
    public ServiceException anonymous(ServiceException failure) {
        return failure.withReplaced(
                Pattern.compile(Pattern.quote(folder.toString()) + "[/\\\\][^/\\\\]*[/\\\\]" + Upload.NAME),
                Upload.NAME);
    }

    /** Returns the bytes of all uploads that are there. */
    public long used() {
        return total.get();
    }

    /** Deletes a file or an empty folder and returns whether it is gone; what a reader still holds open goes with the spool. */
    private static boolean delete(Path path) {
        try {
            Files.deleteIfExists(path);
            return true;
        } catch (IOException e) {
            LOG.debug("{} is still in use", path, e);
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (Path own : list(folder)) {
            list(own).forEach(Spool::delete);
            delete(own);
        }
        delete(folder);
    }

    private static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }
}
