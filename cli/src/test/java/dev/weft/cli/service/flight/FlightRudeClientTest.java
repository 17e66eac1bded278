package dev.weft.cli.service.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.flight.RunningFlight.Row;
import dev.weft.cli.service.tensor.TensorSchema;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

/** Clients that are slow, that go in the midst of things, or that are too many: each has its status, and leaves nothing behind. */
class FlightRudeClientTest extends FlightTrial {

    @Test
    void clientsThatGoAway() throws Exception {
        try (var other = running.connect()) {
            ExchangeReaderWriter exchange = other.doExchange(RunningFlight.descriptor(NOWCAST));
            try (VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.plain(), running.allocator)) {
                exchange.getWriter().start(root);
                RunningFlight.fill(root, TENSOR);
                exchange.getWriter().putNext();
                await(() -> running.service.admission().inside() == 1);
                exchange.getReader().cancel("changed my mind", null);
            }
            await(() -> running.service.admission().inside() == 0);
        }
        try (RawExchange raw = new RawExchange(running.front.port())) {
            raw.begin(new CompletableFuture<>());
            await(() -> running.service.admission().inside() == 1);
        } // and the connection with it
        await(() -> running.service.admission().inside() == 0);
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + 30_000_000_000L;
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            Thread.sleep(2);
        }
        assertTrue(condition.getAsBoolean());
    }

    @Test
    void moreThanThereArePlacesFor() throws Exception {
        try (RawExchange raw = new RawExchange(running.front.port())) {
            raw.begin(new CompletableFuture<>());
            raw.begin(new CompletableFuture<>());
            await(() -> running.service.admission().inside() == 2);
            String refusal = running.refusedGet(
                    RunningFlight.command("ghn", "parameters").put("family", "small-cnn-zoo"));
            assertTrue(refusal.startsWith("UNAVAILABLE busy: all 2 places are taken"), refusal);
        }
    }

    @Test
    void aClientThatSendsNothingMore() throws Exception {
        try (RunningFlight hasty = RunningFlight.of(
                        folder.resolve("models"), RunningFlight.limits(2, Duration.ofMillis(150)), ApiKeys.none());
                RawExchange raw = new RawExchange(hasty.front.port())) {
            Status silent = raw.send();
            assertEquals(Status.Code.DEADLINE_EXCEEDED, silent.getCode());
            assertEquals("the request did not come to its end in time", silent.getDescription());
            assertEquals(
                    Status.Code.DEADLINE_EXCEEDED, raw.send(RawMessages.first()).getCode());
            assertEquals(
                    Status.Code.DEADLINE_EXCEEDED,
                    raw.send(RawMessages.first(), RawMessages.batch(TENSOR)).getCode());
            hasty.requireHealthy();
        }
    }

    /** Each batch comes soon enough, and all of them together too late. */
    @Test
    void aClientThatDribbles() throws Exception {
        try (RunningFlight hasty = RunningFlight.of(
                        folder.resolve("models"), RunningFlight.limits(2, Duration.ofMillis(300)), ApiKeys.none());
                RawExchange raw = new RawExchange(hasty.front.port())) {
            List<byte[]> messages = new ArrayList<>(List.of(RawMessages.first()));
            for (int i = 0; i < 50; i++) {
                messages.add(RawMessages.batch(new Row("t" + i, List.of(1L), new float[1])));
            }
            Status status = raw.dribble(Duration.ofMillis(20), messages);
            assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode(), status.toString());
            hasty.requireHealthy();
        }
    }

    @Test
    void aClientThatGoesInTheMidstOfItsAnswer() throws Exception {
        byte[] ticket = RunningFlight.bytes(RunningFlight.command("ghn", "parameters")
                .put("family", "resnet18")
                .put("new_classes", true));
        try (FlightStream stream = running.client.getStream(new Ticket(ticket))) {
            assertTrue(stream.next());
            assertEquals(1, running.service.admission().inside());
            stream.cancel("changed my mind", null);
        }
        await(() -> running.service.admission().inside() == 0);
        try (var other = running.connect();
                FlightStream stream = other.getStream(new Ticket(ticket))) {
            assertTrue(stream.next());
        } // and the connection with it
        await(() -> running.service.admission().inside() == 0);
    }

    /** The parameters are many times what is sent ahead. */
    @Test
    void aClientThatDoesNotReadItsAnswer() throws Exception {
        try (RunningFlight hasty = RunningFlight.of(
                folder.resolve("models"), RunningFlight.limits(2, Duration.ofMillis(900)), ApiKeys.none())) {
            byte[] ticket = RunningFlight.bytes(RunningFlight.command("ghn", "parameters")
                    .put("family", "resnet18")
                    .put("new_classes", true));
            try (FlightStream stream = hasty.client.getStream(new Ticket(ticket))) {
                await(() -> hasty.service.admission().inside() == 1);
                await(() -> hasty.service.admission().inside() == 0);
                String refusal = RunningFlight.refusal(() -> RunningFlight.tensors(stream));
                assertTrue(refusal.startsWith("TIMED_OUT timed-out"), refusal);
            }
            hasty.requireHealthy();
        }
    }
}
