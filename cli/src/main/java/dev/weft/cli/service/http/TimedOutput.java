package dev.weft.cli.service.http;

import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.Problem;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** An answer that must be taken in time: a client that reads slowly does not hold its memory for ever. */
final class TimedOutput extends FilterOutputStream {

    private final Deadline deadline;

    TimedOutput(OutputStream out, Deadline deadline) {
        super(out);
        this.deadline = deadline;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (deadline.left() < 0) {
            throw Problem.TIMED_OUT.because("the answer was not read in time");
        }
        out.write(bytes, offset, length);
    }

    /** Does nothing: a writer that fails closes its stream, and half an answer must not end as a whole one does. */
    @Override
    public void close() {}
}
