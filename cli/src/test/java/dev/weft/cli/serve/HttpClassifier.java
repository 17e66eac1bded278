package dev.weft.cli.serve;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Asks over HTTP, each time by a new connection.
 *
 * @param body a network
 */
record HttpClassifier(int port, byte[] body) implements Classifier {

    private static final int FIRST = 100;

    @Override
    public String protocol() {
        return "http";
    }

    @Override
    public Begun begin(String id) {
        String head = "POST /v1/models/metanet/classify HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-Id: " + id
                + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        try {
            Socket socket = new Socket("127.0.0.1", port);
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body, 0, FIRST);
            return () -> finish(socket);
        } catch (IOException e) {
            return () -> Outcome.GONE;
        }
    }

    private Outcome finish(Socket socket) {
        try (socket) {
            try {
                socket.getOutputStream().write(Arrays.copyOfRange(body, FIRST, body.length));
            } catch (IOException e) {
                // a refusal may have come before the rest was sent
            }
            return outcome(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Outcome.GONE;
        }
    }

    private static Outcome outcome(String answer) {
        if (answer.isEmpty()) {
            return Outcome.GONE;
        } else if (answer.startsWith("HTTP/1.1 200 ") && answer.stripTrailing().endsWith("}")) {
            return Outcome.ANSWERED;
        } else if (answer.startsWith("HTTP/1.1 503 ")
                && answer.contains("urn:weft:problem:stopping")
                && answer.contains("Retry-After: 1")) {
            return Outcome.STOPPING;
        }
        throw new AssertionError(answer);
    }

    @Override
    public void close() {}
}
