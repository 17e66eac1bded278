package dev.weft.cli.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Chromium's DevTools protocol over one connection: commands with their results, and all events that came. */
final class DevTools implements AutoCloseable {

    /** How long anything may take; a busy machine is slow. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Map<Integer, CompletableFuture<JsonNode>> results = new ConcurrentHashMap<>();
    private final List<JsonNode> events = new ArrayList<>();
    private final WebSocket socket;
    private int commands;

    DevTools(URI browser) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(browser, new Listener())
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Joins the pieces of messages. */
    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence piece, boolean last) {
            message.append(piece);
            if (last) {
                receive(message.toString());
                message.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }

    private void receive(String text) {
        try {
            JsonNode message = MAPPER.readTree(text);
            if (message.has("id")) {
                results.remove(message.get("id").asInt()).complete(message);
                return;
            }
            synchronized (events) {
                events.add(message);
                events.notifyAll();
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }

    /**
     * Gives a command and waits for its result.
     *
     * @param session of the page that it is for, empty for the browser
     */
    JsonNode command(String session, String method, Map<String, ?> parameters) {
        CompletableFuture<JsonNode> result = new CompletableFuture<>();
        synchronized (this) {
            ObjectNode message = MAPPER.createObjectNode().put("id", ++commands).put("method", method);
            message.set("params", MAPPER.valueToTree(parameters));
            if (!session.isEmpty()) {
                message.put("sessionId", session);
            }
            results.put(commands, result);
            socket.sendText(message.toString(), true).join();
        }
        JsonNode answer =
                result.orTimeout(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        if (answer.has("error")) {
            throw new AssertionError(method + ": " + answer.get("error"));
        }
        return answer.get("result");
    }

    /** Waits until there is such an event, takes it away, and returns its parameters. */
    JsonNode take(String method, Predicate<JsonNode> condition) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (events) {
            while (true) {
                Optional<JsonNode> found = events.stream()
                        .filter(event ->
                                event.get("method").asText().equals(method) && condition.test(event.get("params")))
                        .findFirst();
                if (found.isPresent()) {
                    events.remove(found.get());
                    return found.get().get("params");
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    throw new TimeoutException("no such " + method + " among " + all(method));
                }
                events.wait(left);
            }
        }
    }

    /** Returns the parameters of all events of a kind that came since the last {@link #forget}. */
    List<JsonNode> all(String method) {
        synchronized (events) {
            return events.stream()
                    .filter(event -> event.get("method").asText().equals(method))
                    .map(event -> event.get("params"))
                    .toList();
        }
    }

    /** Forgets the events so far. */
    void forget() {
        synchronized (events) {
            events.clear();
        }
    }

    @Override
    public void close() {
        socket.abort();
    }
}
