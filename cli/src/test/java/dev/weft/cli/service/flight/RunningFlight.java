package dev.weft.cli.service.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.model.BatchSettings;
import dev.weft.cli.service.tensor.TensorSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.ErrorFlightMetadata;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.util.Text;
import org.junit.jupiter.api.function.Executable;

/** A service on a free port of this machine, and Arrow's client. */
final class RunningFlight implements AutoCloseable {

    static final int MESSAGE_BYTES = 1 << 20;
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    final PredictionService service;
    final FlightFront front;
    final BufferAllocator allocator = new RootAllocator();
    final FlightClient client;

    private RunningFlight(PredictionService service, ApiKeys keys) throws IOException {
        this.service = service;
        this.front = FlightFront.start(service, new FlightSettings("127.0.0.1", 0, keys, null, MESSAGE_BYTES));
        this.client = connect();
    }

    static RunningFlight of(Path models) throws IOException {
        return of(models, limits(8, Duration.ofSeconds(60)), ApiKeys.none());
    }

    static RunningFlight of(Path models, ServiceLimits limits, ApiKeys keys) throws IOException {
        return new RunningFlight(PredictionService.open(models, limits, BatchSettings.DEFAULT), keys);
    }

    static ServiceLimits limits(int requests, Duration time) {
        return new ServiceLimits(requests, 1 << 20, 8 << 20, 64 << 20, time);
    }

    FlightClient connect() {
        return FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", front.port()))
                .build();
    }

    /** Returns {@code {"model": ..., "operation": ...}}, to be completed. */
    static ObjectNode command(String model, String operation) {
        return JsonNodeFactory.instance.objectNode().put("model", model).put("operation", operation);
    }

    static byte[] bytes(Object json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    static FlightDescriptor descriptor(Object json) {
        return FlightDescriptor.command(bytes(json));
    }

    /** A tensor to send. */
    record Row(String name, List<Long> shape, float[] values) {}

    /** Sends a batch for each tensor and returns the client's end, done writing. */
    FlightClient.ExchangeReaderWriter exchange(Object command, List<Row> rows, CallOption... options) {
        FlightClient.ExchangeReaderWriter exchange = client.doExchange(descriptor(command), options);
        try (VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.plain(), allocator)) {
            exchange.getWriter().start(root);
            for (Row row : rows) {
                fill(root, row);
                exchange.getWriter().putNext();
            }
            exchange.getWriter().completed();
        }
        return exchange;
    }

    static void fill(VectorSchemaRoot root, Row row) {
        root.clear();
        ((VarCharVector) root.getVector("name")).setSafe(0, new Text(row.name));
        ListVector shape = (ListVector) root.getVector("shape");
        BigIntVector sizes = (BigIntVector) shape.getDataVector();
        shape.startNewValue(0);
        for (int i = 0; i < row.shape.size(); i++) {
            sizes.setSafe(i, row.shape.get(i));
        }
        shape.endValue(0, row.shape.size());
        ListVector values = (ListVector) root.getVector("values");
        Float4Vector floats = (Float4Vector) values.getDataVector();
        values.startNewValue(0);
        for (int i = 0; i < row.values.length; i++) {
            floats.setSafe(i, row.values[i]);
        }
        values.endValue(0, row.values.length);
        root.setRowCount(1);
    }

    /** Reads tensors to their end. */
    static Map<String, Row> tensors(FlightStream stream) {
        Map<String, Row> tensors = new LinkedHashMap<>();
        while (stream.next()) {
            VectorSchemaRoot root = stream.getRoot();
            for (int i = 0; i < root.getRowCount(); i++) {
                String name = root.getVector("name").getObject(i).toString();
                List<Long> shape = new ArrayList<>();
                ((ListVector) root.getVector("shape")).getObject(i).forEach(size -> shape.add((Long) size));
                List<?> values = ((ListVector) root.getVector("values")).getObject(i);
                float[] floats = new float[values.size()];
                for (int j = 0; j < floats.length; j++) {
                    floats[j] = (Float) values.get(j);
                }
                tensors.put(name, new Row(name, shape, floats));
            }
        }
        return tensors;
    }

    /** Returns the status with which a call ends: code, problem's word, message. */
    static String refusal(Executable call) {
        FlightRuntimeException thrown = assertThrows(FlightRuntimeException.class, call);
        ErrorFlightMetadata trailers = thrown.status().metadata();
        String word = trailers != null && trailers.containsKey("weft-problem") ? trailers.get("weft-problem") : "-";
        return thrown.status().code() + " " + word + ": " + thrown.status().description();
    }

    /** Returns how a ticket is refused. */
    String refusedGet(Object command) {
        return refusal(() -> {
            try (FlightStream stream = client.getStream(new Ticket(bytes(command)))) {
                tensors(stream);
            }
        });
    }

    /** Asserts that nothing is left of earlier calls and that others are answered. */
    void requireHealthy(CallOption... options) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < end
                && (front.allocated() > 0
                        || service.admission().inside() > 0
                        || service.spool().used() > 0)) {
            Thread.sleep(2);
        }
        assertEquals(0, front.allocated(), "bytes of batches");
        assertEquals(0, service.admission().inside(), "requests inside");
        assertEquals(0, service.spool().used(), "bytes of uploads");
        assertEquals(3, service.models().size());
        int flights = 0;
        for (var flight : client.listFlights(org.apache.arrow.flight.Criteria.ALL, options)) {
            flights += flight.getDescriptor().getPath().size();
        }
        assertEquals(3, flights);
    }

    @Override
    public void close() throws IOException {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        front.close();
        service.close();
        assertEquals(0, front.allocated());
        allocator.close();
    }
}
