package dev.weft.cli.service.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.access.ApiKey;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.tensor.TensorSchema;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.impl.FlightServiceGrpc;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Where keys are configured nothing is answered without one. */
class FlightKeysTest {

    @TempDir
    private Path folder;

    private RunningFlight running(double rate) throws Exception {
        Path keys = Files.writeString(
                folder.resolve("keys"), ApiKey.of("anna", "secret", rate).line());
        return RunningFlight.of(
                SmallModels.write(folder.resolve("models")),
                RunningFlight.limits(8, Duration.ofSeconds(60)),
                ApiKeys.read(keys));
    }

    private static CallOption key(String secret) {
        CallHeaders headers = new FlightCallHeaders();
        headers.insert("authorization", "Bearer " + secret);
        return new HeaderCallOption(headers);
    }

    /** Flight's methods as its client calls them. */
    private static List<Executable> calls(RunningFlight running, CallOption... options) {
        FlightDescriptor descriptor = RunningFlight.descriptor(RunningFlight.command("wnn", "nowcast"));
        return List.of(
                () -> running.client.listFlights(Criteria.ALL, options).forEach(flight -> {}),
                () -> running.client.getInfo(descriptor, options),
                () -> running.client.pollInfo(descriptor, options),
                () -> running.client.getSchema(descriptor, options),
                () -> running.client.listActions(options).forEach(type -> {}),
                () -> running.client.doAction(new Action("models"), options).forEachRemaining(result -> {}),
                () -> running.client.handshake(options),
                () -> {
                    try (FlightStream stream =
                            running.client.getStream(new Ticket(RunningFlight.bytes("{}")), options)) {
                        stream.next();
                    }
                },
                () -> {
                    try (var exchange = running.client.doExchange(descriptor, options)) {
                        exchange.getReader().next();
                    }
                },
                () -> {
                    try (VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.plain(), running.allocator)) {
                        var put = running.client.startPut(descriptor, root, new AsyncPutListener(), options);
                        put.completed();
                        put.getResult();
                    }
                });
    }

    @Test
    void noCallIsAnsweredWithoutAKey() throws Exception {
        try (RunningFlight running = running(0)) {
            for (List<Executable> calls :
                    List.of(calls(running), calls(running, key("other")), calls(running, key("")))) {
                for (Executable call : calls) {
                    assertTrue(RunningFlight.refusal(call).startsWith("UNAUTHENTICATED"));
                }
            }
            running.requireHealthy(key("secret"));
        }
    }

    /** The protocol's own list, so that what a new release of Arrow adds is tried too. */
    @Test
    void noMethodOfTheProtocolIsAnsweredWithoutAKey() throws Exception {
        Metadata.Key<String> header = Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
        Metadata right = new Metadata();
        right.put(header, "Bearer secret");
        Metadata wrong = new Metadata();
        wrong.put(header, "Bearer other");
        try (RunningFlight running = running(0);
                RawExchange raw = new RawExchange(running.front.port())) {
            var methods = FlightServiceGrpc.getServiceDescriptor().getMethods();
            assertTrue(methods.size() >= 10, methods.toString());
            for (MethodDescriptor<?, ?> method : methods) {
                String name = method.getFullMethodName();
                assertEquals(
                        Code.UNAUTHENTICATED, raw.call(method, new Metadata()).getCode(), name);
                assertEquals(Code.UNAUTHENTICATED, raw.call(method, wrong).getCode(), name);
                assertNotEquals(Code.UNAUTHENTICATED, raw.call(method, right).getCode(), name);
            }
        }
    }

    @Test
    void aKeyHasItsRate() throws Exception {
        try (RunningFlight running = running(0.001)) {
            running.client.listActions(key("secret")).forEach(type -> {});
            String refusal = RunningFlight.refusal(
                    () -> running.client.listActions(key("secret")).forEach(type -> {}));
            assertEquals("RESOURCE_EXHAUSTED rate-exceeded: key 'anna' may ask 0.001 times a second", refusal);
        }
    }
}
