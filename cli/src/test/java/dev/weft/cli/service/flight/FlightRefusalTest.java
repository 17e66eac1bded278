package dev.weft.cli.service.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.service.PretendedCompression;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.flight.RunningFlight.Row;
import dev.weft.cli.service.tensor.TensorSchema;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import io.grpc.Status;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/** Everything that clients do wrong: each has its status, and leaves nothing behind. */
class FlightRefusalTest extends FlightTrial {

    private static String get(Object command) {
        return running.refusedGet(command);
    }

    private static String exchange(Object command, List<Row> rows) {
        return RunningFlight.refusal(() -> {
            try (ExchangeReaderWriter exchange = running.exchange(command, rows)) {
                RunningFlight.tensors(exchange.getReader());
            }
        });
    }

    private static void assertBegins(String expected, String found) {
        assertTrue(found.startsWith(expected), found);
    }

    @Test
    void unknownModelsAndOperationsOfOthers() {
        assertBegins(
                "NOT_FOUND unknown-model: expected one of [ghn, metanet, wnn], found 'no'",
                get(RunningFlight.command("no", "parameters").put("family", "resnet18")));
        assertBegins(
                "UNIMPLEMENTED operation-not-offered: 'wnn', a nowcaster, offers nowcast, not parameters",
                get(RunningFlight.command("wnn", "parameters").put("family", "resnet18")));
        assertBegins(
                "INVALID_ARGUMENT invalid-value: expected architecture or family alone",
                get(RunningFlight.command("ghn", "embedding")
                        .put("family", "siren")
                        .put("seed", 1)));
        assertBegins("UNIMPLEMENTED method-not-allowed: nowcast takes tensors: use doExchange", get(NOWCAST));
        assertBegins("NOT_FOUND", exchange(RunningFlight.command("no", "nowcast"), List.of(TENSOR)));
        assertBegins(
                "UNIMPLEMENTED method-not-allowed: parameters takes no tensors",
                exchange(RunningFlight.command("ghn", "parameters"), List.of(TENSOR)));
        assertBegins("NOT_FOUND", RunningFlight.refusal(() -> running.client.getInfo(FlightDescriptor.path("no"))));
        assertBegins(
                "NOT_FOUND unknown-path",
                RunningFlight.refusal(
                        () -> running.client.doAction(new Action("drop")).next()));
    }

    @Test
    void commandsThatAreNone() {
        assertBegins("INVALID_ARGUMENT invalid-value: ", get("{"));
        assertBegins("INVALID_ARGUMENT invalid-value: command: expected a JSON object, found ARRAY", get("[]"));
        assertBegins("INVALID_ARGUMENT invalid-value: command: expected a text 'model', found none", get("{}"));
        assertBegins(
                "INVALID_ARGUMENT invalid-value: operation: expected one of parameters, nowcast,",
                get(RunningFlight.command("wnn", "dance")));
        assertBegins(
                "INVALID_ARGUMENT invalid-value: horizon: expected a whole number, found \"x\"",
                exchange(NOWCAST.deepCopy().put("horizon", "x"), List.of(TENSOR)));
        assertBegins(
                "INVALID_ARGUMENT invalid-value: horizon: expected 1 or more, found 0",
                exchange(NOWCAST.deepCopy().put("horizon", 0), List.of(TENSOR)));
        assertBegins(
                "INVALID_ARGUMENT invalid-value: nowcast: expected no keys but",
                exchange(NOWCAST.deepCopy().put("speed", 1), List.of(TENSOR)));
        assertBegins(
                "INVALID_ARGUMENT invalid-value: ",
                get(RunningFlight.command("ghn", "parameters").put("family", "no-such")));
    }

    @Test
    void statesThatAreNone() {
        assertBegins(
                "INVALID_ARGUMENT bad-checkpoint: upload: tensor 'fc1.weight': expected it in 5 states, found it in 3",
                exchange(NOWCAST, Collections.nCopies(3, TENSOR)));
        assertBegins(
                "INVALID_ARGUMENT bad-checkpoint: upload: tensor 'fc1.weight': expected it in 5 states, found it once more",
                exchange(NOWCAST, Collections.nCopies(6, TENSOR)));
        assertBegins(
                "INVALID_ARGUMENT bad-checkpoint: upload: tensor 'a': expected the values of shape [2, 2], found 3",
                exchange(NOWCAST, List.of(new Row("a", List.of(2L, 2L), new float[3]))));
        List<Row> changing = new ArrayList<>(Collections.nCopies(4, TENSOR));
        changing.add(new Row(TENSOR.name(), List.of(3L, 2L), new float[6]));
        assertBegins("INVALID_ARGUMENT bad-checkpoint: ", exchange(NOWCAST, changing));
        assertBegins("INVALID_ARGUMENT truncated-body: expected tensors", exchange(NOWCAST, List.of()));
        assertBegins(
                "INVALID_ARGUMENT bad-checkpoint: ",
                exchange(RunningFlight.command("metanet", "classify"), List.of(TENSOR)));
    }

    @Test
    void streamsThatEndBeforeTheyBegin() {
        assertBegins("INVALID_ARGUMENT truncated-body: expected tensors", RunningFlight.refusal(() -> {
            try (ExchangeReaderWriter exchange = running.client.doExchange(RunningFlight.descriptor(NOWCAST))) {
                exchange.getWriter().completed();
                exchange.getReader().next();
            }
        }));
    }

    @Test
    void callsThatAreNotServed() {
        assertBegins("UNIMPLEMENTED", RunningFlight.refusal(() -> {
            try (VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.plain(), running.allocator)) {
                var put = running.client.startPut(
                        RunningFlight.descriptor(NOWCAST), root, new org.apache.arrow.flight.AsyncPutListener());
                put.completed();
                put.getResult();
            }
        }));
    }

    private static void requireRefused(String why, byte[]... messages) throws Exception {
        try (RawExchange raw = new RawExchange(running.front.port())) {
            Status status = raw.send(messages);
            assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
            assertTrue(String.valueOf(status.getDescription()).contains(why), status.toString());
        }
        running.requireHealthy();
    }

    @Test
    void lengthsThatAreLies() throws Exception {
        byte[][] parts = RawMessages.parts(TENSOR);
        byte[] header = RawExchange.field(2, parts[0]);
        byte[] body = RawExchange.field(1000, parts[1]);
        requireRefused(
                "field 1000 of 2000000000 bytes",
                RawMessages.first(),
                RawExchange.join(header, RawExchange.field(1000, 2_000_000_000, parts[1])));
        requireRefused(
                "field 1000 of -1 bytes",
                RawMessages.first(),
                RawExchange.join(header, RawExchange.field(1000, 0xffffffffL, parts[1])));
        requireRefused(
                "field 2 of 2147483647 bytes", RawMessages.first(), RawExchange.field(2, Integer.MAX_VALUE, parts[0]));
        requireRefused("field 1 of 1000000000 bytes", RawExchange.field(1, 1_000_000_000, new byte[2]));
        requireRefused("field 1000", RawMessages.first(), RawExchange.join(header, body, body));
        requireRefused(
                "application metadata",
                RawMessages.first(),
                RawExchange.join(header, body, RawExchange.field(3, new byte[4])));
        requireRefused("a body without a header", RawMessages.first(), body);
        requireRefused(
                " of 8 and must have",
                RawMessages.first(),
                RawExchange.join(header, RawExchange.field(1000, new byte[8])));
        requireRefused(" of 0 and must have", RawMessages.first(), header);
        requireRefused("", RawMessages.first(), RawExchange.join(RawExchange.field(2, new byte[64]), body));
        requireRefused("", RawMessages.first(), RawExchange.join(RawExchange.field(2, new byte[] {1, 2, 3}), body));
        requireRefused("a descriptor, then a schema", RawMessages.batch(TENSOR));
        requireRefused("a descriptor, then a schema", RawMessages.first(), RawMessages.first());
    }

    /**
     * Counts of values in the batch's metadata, changed one by one; nothing may fail but the call, some of which wait for more
     * until their time is over.
     */
    @Test
    void countsThatAreLies() throws Exception {
        try (RunningFlight hasty = RunningFlight.of(
                folder.resolve("models"), RunningFlight.limits(2, Duration.ofMillis(400)), ApiKeys.none())) {
            countsThatAreLies(hasty);
        }
    }

    private static void countsThatAreLies(RunningFlight hasty) throws Exception {
        byte[][] parts = RawMessages.parts(TENSOR);
        RecordBatch batch = (RecordBatch)
                Message.getRootAsMessage(ByteBuffer.wrap(parts[0])).header(new RecordBatch());
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < batch.nodesLength(); i++) {
            places.add(place(parts[0], batch.nodes(i).length(), places));
        }
        for (int place : places) {
            for (long lie : new long[] {-1, 0, 1000, Integer.MAX_VALUE, Long.MAX_VALUE}) {
                byte[] header = parts[0].clone();
                ByteBuffer.wrap(header).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(place, lie);
                byte[] message = RawExchange.join(RawExchange.field(2, header), RawExchange.field(1000, parts[1]));
                try (RawExchange raw = new RawExchange(hasty.front.port())) {
                    Status status = raw.send(RawMessages.first(), message);
                    assertTrue(
                            List.of(Status.Code.INVALID_ARGUMENT, Status.Code.DEADLINE_EXCEEDED)
                                    .contains(status.getCode()),
                            status.toString());
                }
                hasty.requireHealthy();
            }
        }
    }

    /** What is compressed may become any amount: batches, and messages of gRPC. */
    @Test
    void compressedBatchesAndMessages() throws Exception {
        byte[][] parts = RawMessages.parts(TENSOR, new PretendedCompression());
        requireRefused(
                "it is compressed",
                RawMessages.first(),
                RawExchange.join(RawExchange.field(2, parts[0]), RawExchange.field(1000, parts[1])));
        try (RawExchange raw = new RawExchange(running.front.port(), "gzip")) {
            Status status = raw.send(RawMessages.first());
            assertEquals(Status.Code.UNIMPLEMENTED, status.getCode());
            assertTrue(String.valueOf(status.getDescription()).contains("gzip"), status.toString());
        }
    }

    private static int place(byte[] header, long value, List<Integer> taken) {
        ByteBuffer bytes = ByteBuffer.wrap(header).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + Long.BYTES <= header.length; at += Long.BYTES) {
            if (bytes.getLong(at) == value && !taken.contains(at)) {
                return at;
            }
        }
        throw new AssertionError("no " + value + " in the header");
    }

    @Test
    void schemasOfOtherTables() throws Exception {
        byte[] descriptor = RawExchange.field(
                1, RawExchange.join(new byte[] {8, 2}, RawExchange.field(2, RunningFlight.bytes(NOWCAST))));
        Schema less = new Schema(TensorSchema.plain().getFields().subList(0, 2));
        requireRefused("2 columns", RawExchange.join(descriptor, RawExchange.field(2, RawMessages.header(less))));
    }

    /** Few bytes of JSON, for which a hypernetwork would need gigabytes. */
    @Test
    void architecturesThatAreTooDeep() throws Exception {
        Architecture deep = Mlp.of(Collections.nCopies(500, 2), new Layer.Relu(), true);
        JsonNode json = JsonMapper.builder().build().readTree(deep.toJson());
        for (String operation : List.of("parameters", "embedding")) {
            ObjectNode command = RunningFlight.command("ghn", operation);
            command.set("architecture", json);
            assertBegins("RESOURCE_EXHAUSTED too-large: ", get(command));
        }
    }

    @Test
    void messagesThatAreTooLarge() {
        Row large = new Row("large", List.of(400_000L), new float[400_000]);
        assertBegins("RESOURCE_EXHAUSTED", exchange(NOWCAST, List.of(large)));
        List<Row> much = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            much.add(new Row("t" + i, List.of(50_000L), new float[50_000]));
        }
        assertBegins("RESOURCE_EXHAUSTED too-large: expected at most 1,048,576 bytes", exchange(NOWCAST, much));
    }
}
