package dev.weft.cli.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Seed;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClientsTest {

    private static final LoadRequest REQUEST = LoadRequest.post("/here", "text/plain", new byte[] {'a', 'b', 'c'});

    private ScriptedServer server;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Clients clients() {
        return new Clients(server.port(), REQUEST, () -> false);
    }

    @Test
    void aConnectionIsKeptUntilTheServiceEndsIt() throws IOException {
        server.answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        try (Connection connection = new Connection(server.port())) {
            assertEquals(200, connection.send(REQUEST));
            assertEquals(200, connection.send(REQUEST));
            assertEquals(1, server.connections());
            server.answer("HTTP/1.1 429 Too Many Requests\r\nconnection: Close\r\ncontent-length: 0\r\n\r\n");
            assertEquals(429, connection.send(REQUEST));
            assertEquals(429, connection.send(REQUEST));
            assertEquals(2, server.connections());
        }
        assertEquals("POST /here HTTP/1.1", server.lastRequestLine());
    }

    @Test
    void whatIsNoWholeAnswerCountsAsNone() throws IOException {
        for (String broken : new String[] {"", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", "what?\r\n\r\n"}) {
            server.answer(broken);
            server.endAfterAnswer();
            AtomicInteger none = new AtomicInteger();
            clients().arrive(1, new Arrivals(1000, 0.01, new Seed(0)), (status, nanos) -> {
                assertEquals(Answers.NONE, status);
                none.incrementAndGet();
            });
            assertTrue(none.get() > 0);
        }
    }

    @Test
    void clientsAskAgainUntilTheTimeIsUp() throws IOException {
        server.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Answers answers = new Answers();
        double seconds = clients().askAgain(3, 0.2, answers::add);
        assertTrue(seconds >= 0.2, seconds + " s");
        assertEquals(3, server.connections());
        assertEquals(server.requests(), answers.summary().done());
    }

    @Test
    void requestsThatComeLateForWantOfClientsHaveWaited() throws IOException {
        server.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        server.wait(10);
        Answers answers = new Answers();
        clients().arrive(1, new Arrivals(500, 0.2, new Seed(0)), answers::add);
        Answers.Summary summary = answers.summary();
        assertEquals(100, summary.done(), 40);
        assertTrue(summary.longest() > 400, "the last of 100 requests waited for the others: " + summary);
    }

    @Test
    void nobodyAsksWhoIsToldToStop() throws IOException {
        server.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Clients stopped = new Clients(server.port(), REQUEST, () -> true);
        stopped.askAgain(2, 60, (status, nanos) -> {});
        stopped.arrive(2, new Arrivals(0.001, 1e9, new Seed(0)), (status, nanos) -> {});
        assertEquals(0, server.requests());
    }
}
