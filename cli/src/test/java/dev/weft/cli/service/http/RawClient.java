package dev.weft.cli.service.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that may say anything. */
final class RawClient implements AutoCloseable {

    private final Socket socket;

    RawClient(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
    }

    RawClient say(String text) throws IOException {
        return say(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    RawClient say(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    /** Says nothing more, but listens. */
    RawClient end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Returns what comes until the other side ends. */
    String answer() throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Returns what still comes, however it ends. */
    String rest() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[1 << 16];
        try {
            InputStream in = socket.getInputStream();
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                all.write(piece, 0, read);
            }
        } catch (IOException e) {
            // broken off
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    /** Returns the first bytes that come. */
    String some(int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.setSoLinger(true, 0); // a reset, as when a client is gone
        socket.close();
    }
}
