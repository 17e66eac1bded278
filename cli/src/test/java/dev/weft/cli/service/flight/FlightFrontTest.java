package dev.weft.cli.service.flight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.cli.model.ClassAnswer;
import dev.weft.cli.nowcast.SmallWnn;
import dev.weft.cli.service.ParameterRequest;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.States;
import dev.weft.cli.service.TensorAnswer;
import dev.weft.cli.service.flight.RunningFlight.Row;
import dev.weft.cli.service.model.Lease;
import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.upload.Upload;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.network.ParameterTensor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Result;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the models do, asked by Arrow's client over a socket and compared with the service's own answer. */
class FlightFrontTest {

    @TempDir
    private static Path folder;

    private static RunningFlight running;

    @BeforeAll
    static void start() throws IOException {
        running = RunningFlight.of(SmallModels.write(folder.resolve("models")));
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        running.requireHealthy();
    }

    private static JsonNode json(byte[] bytes) throws IOException {
        return JsonMapper.builder().build().readTree(bytes);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20));
    }

    private static void requireSame(TensorSource expected, Map<String, Row> found) throws IOException {
        assertEquals(expected.tensors().keySet(), found.keySet());
        for (NamedTensor tensor : expected.tensors().values()) {
            assertEquals(tensor.shape(), found.get(tensor.name()).shape());
            assertArrayEquals(
                    expected.floats(tensor.name()), found.get(tensor.name()).values());
        }
    }

    @Test
    void modelsAreFlightsAndResultsOfActions() throws Exception {
        List<String> names = new ArrayList<>();
        for (FlightInfo flight : running.client.listFlights(Criteria.ALL)) {
            names.addAll(flight.getDescriptor().getPath());
            assertEquals(
                    names.get(names.size() - 1),
                    json(flight.getAppMetadata()).get("name").asText());
        }
        assertEquals(List.of("ghn", "metanet", "wnn"), names);
        FlightInfo one = running.client.getInfo(FlightDescriptor.path("metanet"));
        List<Result> results = new ArrayList<>();
        running.client.doAction(new Action("models")).forEachRemaining(results::add);
        running.client
                .doAction(new Action("model", RunningFlight.bytes("metanet")))
                .forEachRemaining(results::add);
        assertEquals(4, results.size());
        assertEquals(json(one.getAppMetadata()), json(results.get(1).getBody()));
        assertEquals(json(one.getAppMetadata()), json(results.get(3).getBody()));
        assertTrue(
                running.client.listActions().iterator().next().getDescription().contains("JSON"));
    }

    @Test
    void parametersComeForATicket() throws Exception {
        Object command = RunningFlight.command("ghn", "parameters").put("family", "small-cnn-zoo");
        FlightInfo flight = running.client.getInfo(RunningFlight.descriptor(command));
        ParameterRequest request = ParameterRequest.of(json(RunningFlight.bytes("{\"family\": \"small-cnn-zoo\"}")));
        try (FlightStream stream =
                        running.client.getStream(flight.getEndpoints().get(0).getTicket());
                Lease lease = running.service.registry().lease("ghn");
                TensorAnswer expected = running.service.parameters(lease, request, soon())) {
            requireSame(expected.tensors(), RunningFlight.tensors(stream));
            assertEquals(flight.getSchema().getFields(), stream.getSchema().getFields());
            assertEquals(expected.tensors().metadata(), stream.getSchema().getCustomMetadata());
        }
    }

    @Test
    void anEmbeddingComesForATicket() throws Exception {
        Object command = RunningFlight.command("ghn", "embedding").put("family", "small-cnn-zoo");
        FlightInfo flight = running.client.getInfo(RunningFlight.descriptor(command));
        ParameterRequest request = ParameterRequest.of(json(RunningFlight.bytes("{\"family\": \"small-cnn-zoo\"}")));
        try (FlightStream stream =
                        running.client.getStream(flight.getEndpoints().get(0).getTicket());
                Lease lease = running.service.registry().lease("ghn")) {
            double[] expected = running.service.embedding(lease, request.network(), soon());
            assertEquals(flight.getSchema(), stream.getSchema());
            assertTrue(stream.next());
            assertEquals(expected.length, stream.getRoot().getRowCount());
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], (Double)
                        stream.getRoot().getVector("value").getObject(i));
            }
        }
    }

    /** Tensor by tensor, each in all states, as well as state by state. */
    @Test
    void aForecastIsExchangedForFiveStates() throws Exception {
        List<Upload> files = new ArrayList<>();
        List<Row> rows = new ArrayList<>();
        for (int step = 0; step < 5; step++) {
            Path file = folder.resolve("state-" + step);
            SmallWnn.state(step).write(file);
            files.add(running.service.spool().receive(new ByteArrayInputStream(Files.readAllBytes(file))));
            rows.addAll(rows(files.get(step)));
        }
        Object command =
                RunningFlight.command("wnn", "nowcast").put("horizon", 3).put("update_scale", 0.5);
        ForecastSettings settings = ForecastSettings.horizon(3).withUpdateScale(0.5f);
        try (States states = States.ofFiles(files);
                Lease lease = running.service.registry().lease("wnn");
                TensorAnswer expected = running.service.nowcast(lease, states, settings, soon());
                ExchangeReaderWriter exchange = running.exchange(command, rows)) {
            Map<String, Row> found = RunningFlight.tensors(exchange.getReader());
            assertEquals(4, found.size());
            for (Row row : found.values()) {
                assertArrayEquals(expected.tensors().floats(row.name()), row.values(), 1e-6f);
            }
            assertFalse(Arrays.equals(
                    rows.get(16).values(), found.get(rows.get(16).name()).values()));
            assertTrue(exchange.getReader()
                    .getSchema()
                    .getCustomMetadata()
                    .get("predicted_by")
                    .startsWith("wnn "));
        }
    }

    private static List<Row> rows(Upload upload) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (var file = upload.open()) {
            for (NamedTensor tensor : file.tensors().values()) {
                if (tensor.dtype().isFloating()) {
                    rows.add(new Row(tensor.name(), tensor.shape(), file.floats(tensor.name())));
                }
            }
        }
        return rows;
    }

    @Test
    void aNetworkIsClassified() throws Exception {
        float[] network = SmallModels.row(3);
        List<Row> rows = new ArrayList<>();
        for (ParameterTensor tensor : SmallModels.SIREN.parameters()) {
            int from = (int) tensor.offset();
            float[] values = Arrays.copyOfRange(network, from, from + (int) tensor.size());
            List<Long> shape = new ArrayList<>();
            tensor.shape().forEach(size -> shape.add((long) size));
            rows.add(new Row(tensor.name(), shape, values));
        }
        try (ExchangeReaderWriter exchange = running.exchange(RunningFlight.command("metanet", "classify"), rows);
                Upload upload =
                        running.service.spool().receive(new ByteArrayInputStream(SmallModels.checkpoint(folder, 3)));
                Lease lease = running.service.registry().lease("metanet")) {
            ClassAnswer expected = running.service.classify(lease, upload, soon());
            assertTrue(exchange.getReader().next());
            VectorSchemaRoot table = exchange.getReader().getRoot();
            assertEquals(3, table.getRowCount());
            assertEquals(
                    expected.answer(), table.getVector("class").getObject(0).toString());
            assertEquals(
                    expected.probability(),
                    (Double) table.getVector("probability").getObject(0),
                    1e-6);
            assertFalse(exchange.getReader().next());
        }
    }
}
