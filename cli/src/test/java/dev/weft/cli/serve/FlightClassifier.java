package dev.weft.cli.serve;

import dev.weft.checkpoints.NetworkTensors;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.tensor.TensorSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Asks over Flight, by one connection. */
final class FlightClassifier implements Classifier {

    private static final FlightDescriptor COMMAND = FlightDescriptor.command(
            "{\"model\": \"metanet\", \"operation\": \"classify\"}".getBytes(StandardCharsets.UTF_8));

    private final BufferAllocator allocator = new RootAllocator();
    private final NetworkTensors network = new NetworkTensors(SmallModels.SIREN, SmallModels.row(1), Map.of());
    private final FlightClient client;

    FlightClassifier(int port) {
        client = FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", port))
                .build();
    }

    @Override
    public String protocol() {
        return "flight";
    }

    @Override
    public Begun begin(String id) {
        FlightCallHeaders headers = new FlightCallHeaders();
        headers.insert("x-request-id", id);
        List<NamedTensor> tensors = TensorSchema.tensors(network);
        ExchangeReaderWriter exchange = client.doExchange(COMMAND, new HeaderCallOption(headers));
        VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.of(network), allocator);
        exchange.getWriter().start(root);
        send(exchange, root, tensors.subList(0, 1));
        return () -> {
            try (exchange;
                    root) {
                send(exchange, root, tensors.subList(1, tensors.size()));
                exchange.getWriter().completed();
                return outcome(exchange);
            } catch (Exception e) {
                throw new AssertionError(id, e);
            }
        };
    }

    private void send(ExchangeReaderWriter exchange, VectorSchemaRoot root, List<NamedTensor> tensors) {
        try {
            for (NamedTensor tensor : tensors) {
                TensorSchema.fill(root, network, tensor);
                exchange.getWriter().putNext();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome outcome(ExchangeReaderWriter exchange) {
        try {
            int rows = 0;
            while (exchange.getReader().next()) {
                rows += exchange.getReader().getRoot().getRowCount();
            }
            return rows == 3 ? Outcome.ANSWERED : Outcome.GONE;
        } catch (FlightRuntimeException e) {
            if (e.status().code() != FlightStatusCode.UNAVAILABLE) {
                throw e;
            }
            return String.valueOf(e.getMessage()).contains("the service is stopping") ? Outcome.STOPPING : Outcome.GONE;
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        allocator.close();
    }
}
