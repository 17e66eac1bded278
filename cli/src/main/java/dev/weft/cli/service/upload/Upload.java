package dev.weft.cli.service.upload;

import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.cli.service.problem.Problem;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** A file that a client sent; closing deletes it. What is mapped of it stays readable. */
public final class Upload implements AutoCloseable {

    /** What uploads are called in messages, instead of a path. */
    public static final String NAME = "upload";

    /** Formats of one file that says everything itself; indices of shards name other files and are no uploads. */
    private static final Set<String> FORMATS = Set.of("safetensors", "pytorch", "onnx");

    private final Spool spool;
    private final Path file;
    private long size;
    private boolean closed;

    /** @param file alone in its folder, not there yet */
    Upload(Spool spool, Path file) {
        this.spool = spool;
        this.file = file;
    }

    /** Returns the file; its name says nothing. */
    public Path file() {
        return file;
    }

    public long size() {
        return size;
    }

    /** Opens the file to be written, within the spool's bounds. */
    public OutputStream output() throws IOException {
        return new FilterOutputStream(Files.newOutputStream(file())) {
            @Override
            public void write(int value) throws IOException {
                grow(1);
                out.write(value);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                grow(length);
                out.write(bytes, offset, length);
            }
        };
    }

    private void grow(int bytes) {
        spool.reserve(size, bytes);
        size += bytes;
    }

    /** Refuses formats that are not for strangers' files. */
    public Upload requireCheckpoint() throws IOException {
        format();
        return this;
    }

    private TensorFormat format() throws IOException {
        TensorFormat format = TensorFormat.of(file);
        if (!FORMATS.contains(format.name())) {
            throw Problem.BAD_CHECKPOINT.because("expected one file of safetensors, PyTorch or ONNX, found "
                    + format.name() + ", which is several files; weft convert joins them");
        }
        return format;
    }

    /** Opens the checkpoint. */
    public TensorFile open() throws IOException {
        return format().open(file);
    }

    @Override
    public void close() {
        if (!closed) { // the folder may be another's by now
            closed = true;
            spool.end(this);
        }
    }
}
