package dev.weft.cli.load;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to a service on this machine, kept from one request to the next and made anew when the service ends
 * it. It knows as much of HTTP/1.1 as this service speaks. Client and service share the processors here: the JDK's client takes
 * several times as much of them for a small request, which the service would then not have.
 */
final class Connection implements AutoCloseable {

    /** A service that says nothing for so long has failed; it ends requests itself before. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Services close connections that rest; one that has rested for so long is not used again. */
    private static final long REST_NANOS = Duration.ofSeconds(10).toNanos();

    private static final int BUFFER = 1 << 16;
    private static final int MAX_LINE = 1 << 14;

    private final int port;
    private @Nullable Socket socket;
    private InputStream in = InputStream.nullInputStream();
    private long used;

    Connection(int port) {
        this.port = port;
    }

    /**
     * Sends a request and reads the answer to its end.
     *
     * @return the answer's status
     */
    int send(LoadRequest request) throws IOException {
        try {
            Socket open = open();
            open.getOutputStream().write(request.message());
            int status = receive();
            used = System.nanoTime();
            return status;
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Socket open() throws IOException {
        if (socket != null && System.nanoTime() - used > REST_NANOS) {
            close();
        }
        Socket open = socket;
        if (open == null) {
            open = new Socket(InetAddress.getLoopbackAddress(), port);
            open.setTcpNoDelay(true);
            open.setSoTimeout((int) PATIENCE.toMillis());
            in = new BufferedInputStream(open.getInputStream(), BUFFER);
            socket = open;
        }
        return open;
    }

    private int receive() throws IOException {
        String first = line();
        if (!first.matches("HTTP/1\\.1 \\d{3}( .*)?")) {
            throw new ProtocolException("expected a status line of HTTP/1.1, found '" + first + "'");
        }
        long length = -1;
        boolean last = false;
        for (String line = line(); !line.isEmpty(); line = line()) {
            String header = line.toLowerCase(Locale.ROOT);
            if (header.startsWith("content-length:")) {
                length =
                        Long.parseLong(header.substring(header.indexOf(':') + 1).strip());
            } else if (header.startsWith("connection:")) {
                last = header.contains("close");
            }
        }
        if (length < 0) {
            throw new ProtocolException("expected an answer with Content-Length");
        }
        in.skipNBytes(length);
        if (last) {
            close();
        }
        return Integer.parseInt(first, 9, 12, 10);
    }

    private String line() throws IOException {
        byte[] line = new byte[MAX_LINE];
        int length = 0;
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0 || length == line.length) {
                throw new EOFException("the answer breaks off");
            }
            line[length++] = (byte) next;
        }
        return new String(line, 0, length, StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
