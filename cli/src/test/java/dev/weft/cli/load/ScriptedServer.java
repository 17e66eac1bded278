package dev.weft.cli.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives every request the same answer, whatever it is. */
final class ScriptedServer implements AutoCloseable {

    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile String answer = "";
    private volatile boolean last;
    private volatile long millis;
    private volatile String requestLine = "";

    ScriptedServer() throws IOException {
        thread(() -> {
            while (true) {
                Socket client = socket.accept();
                connections.incrementAndGet();
                thread(() -> serve(client));
            }
        });
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void thread(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException | InterruptedException e) {
                // one side has ended
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void serve(Socket client) throws IOException, InterruptedException {
        try (client) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                requestLine = line;
                int length = 0;
                for (line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                    if (line.startsWith("Content-Length: ")) {
                        length = Integer.parseInt(line.substring(16));
                    }
                }
                for (int i = 0; i < length; i++) {
                    in.read();
                }
                Thread.sleep(millis);
                requests.incrementAndGet();
                String text = answer; // the next one may be set as soon as this one is read
                boolean end = last || text.contains("Close");
                client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                if (end) {
                    return;
                }
            }
        }
    }

    void answer(String text) {
        answer = text;
    }

    /** Ends each connection behind its first answer, without a word. */
    void endAfterAnswer() {
        last = true;
    }

    /** Waits before each answer. */
    void wait(int milliseconds) {
        millis = milliseconds;
    }

    int port() {
        return socket.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    int requests() {
        return requests.get();
    }

    String lastRequestLine() {
        return requestLine;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
