package dev.weft.cli.service.http;

import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A request's body that must come in time, at some speed at least, and to the end that was announced. */
final class RequestBody extends FilterInputStream {

    /** The slowest that a client may send, on average behind {@link #PATIENCE}. */
    static final long BYTES_PER_SECOND = 1024;

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final double NANOS = 1e9;

    private final long announced;
    private final Deadline deadline;
    private final long begin = System.nanoTime();
    private long received;

    /** @param announced length, or -1 */
    RequestBody(InputStream in, long announced, Deadline deadline) {
        super(in);
        this.announced = announced;
        this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read;
        try {
            read = in.read(target, offset, length);
        } catch (IOException e) {
            throw failed(e);
        }
        if (read < 0 && received < announced) {
            throw truncated(null);
        }
        received += Math.max(0, read);
        if (read >= 0 && received != announced) { // what is whole is not too slow any more
            requireSpeed();
        }
        return read;
    }

    private void requireSpeed() {
        long time = System.nanoTime() - begin;
        boolean slow = time > PATIENCE.toNanos() && received < BYTES_PER_SECOND * (time / NANOS);
        if (slow || deadline.left() < 0) {
            throw Problem.TOO_SLOW.because(
                    String.format(Locale.ROOT, "%,d bytes came in %.1f seconds", received, time / NANOS));
        }
    }

    private RuntimeException failed(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException) {
                return Problem.TOO_SLOW.because("nothing came for a while behind " + received + " bytes", failure);
            }
        }
        return truncated(failure);
    }

    private RuntimeException truncated(@Nullable IOException cause) {
        String detail = announced < 0
                ? "the body broke off behind " + received + " bytes"
                : "expected " + announced + " bytes, found " + received;
        return cause == null ? Problem.TRUNCATED_BODY.because(detail) : Problem.TRUNCATED_BODY.because(detail, cause);
    }
}
