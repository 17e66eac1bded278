package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.cli.service.PretendedCompression;
import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.tensor.TensorForm;
import dev.weft.cli.service.tensor.TensorSchema;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is sent, the client gets the problem that the description names, and the service goes on. */
class WrongInputTest {

    private static final int MAX_UPLOAD = 1 << 20;
    private static final String CLASSIFY = "/v1/models/metanet/classify";

    @TempDir
    private static Path folder;

    private static RunningService running;
    private static byte[] siren;

    @BeforeAll
    static void start() throws IOException {
        ServiceLimits limits = new ServiceLimits(8, MAX_UPLOAD, 4 * MAX_UPLOAD, 64 << 20, Duration.ofSeconds(2));
        running = RunningService.of(SmallModels.write(folder.resolve("models")), limits, ApiKeys.none());
        siren = SmallModels.checkpoint(folder, 1);
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
    }

    @AfterEach
    void theServiceIsHealthyAndNothingIsLeft() throws Exception {
        awaitNobodyInside();
        int status = running.client.post(CLASSIFY, siren).statusCode();
        for (int i = 0; i < 100 && status == 429; i++) { // requests of clients that have gone may still come in
            Thread.sleep(20);
            status = running.client.post(CLASSIFY, siren).statusCode();
        }
        assertEquals(200, status);
        awaitNobodyInside();
        assertEquals(0, running.service.spool().used());
    }

    private static void awaitNobodyInside() throws InterruptedException {
        assertTrue(running.service.admission().awaitEmpty(Deadline.after(Duration.ofSeconds(10))));
    }

    private static void assertProblem(int status, String word, HttpResponse<byte[]> response) throws IOException {
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertEquals(status, response.statusCode(), body);
        assertEquals(
                "application/problem+json",
                response.headers().firstValue("Content-Type").orElse(""),
                body);
        assertEquals(
                "urn:weft:problem:" + word, Client.json(response).get("type").asText(), body);
        assertTrue(!body.contains(String.valueOf(folder)) && !body.contains("weft-serve-"), body);
    }

    private static void assertProblem(int status, String word, String raw) {
        assertTrue(raw.startsWith("HTTP/1.1 " + status + " "), raw);
        assertTrue(raw.contains("Content-Type: application/problem+json"), raw);
        assertTrue(raw.contains("urn:weft:problem:" + word), raw);
    }

    private static String head(String path, long length) {
        return "POST " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    }

    @Test
    void bodiesThatEndTooEarly() throws Exception {
        byte[] half = Arrays.copyOf(siren, siren.length / 2);
        assertProblem(422, "bad-checkpoint", running.client.post(CLASSIFY, half));
        assertProblem(422, "bad-checkpoint", running.client.post(CLASSIFY, new byte[0]));
        try (RawClient raw = new RawClient(running.front.port())) {
            assertProblem(
                    400,
                    "truncated-body",
                    raw.say(head(CLASSIFY, siren.length)).say(half).end().answer());
        }
        try (RawClient raw = new RawClient(running.front.port())) {
            raw.say("POST " + CLASSIFY
                    + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertProblem(400, "truncated-body", raw.say("40\r\nabc").end().answer());
        }
    }

    @Test
    void lengthsThatLie() throws Exception {
        try (RawClient raw = new RawClient(running.front.port())) {
            assertProblem(
                    422,
                    "bad-checkpoint",
                    raw.say(head(CLASSIFY, 10)).say(siren).answer());
        }
        try (RawClient raw = new RawClient(running.front.port())) {
            assertProblem(
                    400,
                    "invalid-value",
                    raw.say("POST " + CLASSIFY + " HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")
                            .end()
                            .answer());
        }
        try (RawClient raw = new RawClient(running.front.port())) {
            assertProblem(
                    413, "too-large", raw.say(head(CLASSIFY, Long.MAX_VALUE)).answer());
        }
        byte[] header = siren.clone();
        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
        assertProblem(422, "bad-checkpoint", running.client.post(CLASSIFY, header));
    }

    @Test
    void bodiesThatAreTooLarge() throws Exception {
        byte[] large = new byte[MAX_UPLOAD + 1];
        assertProblem(413, "too-large", running.client.post(CLASSIFY, large));
        assertProblem( // without a length
                413,
                "too-large",
                running.client.send(running.client
                        .request(CLASSIFY)
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(large)))));
        assertProblem(
                413,
                "too-large",
                running.client.post(
                        "/v1/models/ghn/parameters", "{\"family\": \"resnet50\"}".getBytes(StandardCharsets.UTF_8)));
    }

    /** Few bytes of JSON, for which a hypernetwork would need gigabytes. */
    @Test
    void architecturesThatAreTooDeep() throws Exception {
        Architecture deep = Mlp.of(Collections.nCopies(500, 2), new Layer.Relu(), true);
        byte[] body = ("{\"architecture\": " + deep.toJson() + "}").getBytes(StandardCharsets.UTF_8);
        assertProblem(413, "too-large", running.client.post("/v1/models/ghn/parameters", body));
        assertProblem(413, "too-large", running.client.post("/v1/models/ghn/embedding", body));
    }

    @Test
    void whatIsNoRequest() throws Exception {
        try (RawClient raw = new RawClient(running.front.port())) {
            assertProblem(
                    400,
                    "invalid-value",
                    raw.say("\u0000\u0001\u0002 nonsense\r\n\r\n").end().answer());
        }
        try (RawClient raw = new RawClient(running.front.port())) {
            assertProblem(
                    431,
                    "invalid-value",
                    raw.say("GET / HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(40_000) + "\r\n\r\n")
                            .end()
                            .answer());
        }
    }

    @Test
    void zipBombsAndPicklesWithCalls() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bomb)) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            zip.write(new byte[100 << 20]);
            zip.closeEntry();
        }
        assertProblem(422, "bad-checkpoint", running.client.post(CLASSIFY, bomb.toByteArray()));
        byte[] call = "\u0080\u0002cposix\nsystem\nX\u0004\u0000\u0000\u0000true\u0085R."
                .getBytes(StandardCharsets.ISO_8859_1);
        HttpResponse<byte[]> response =
                running.client.post("/v1/checkpoints/summary", stored("archive/data.pkl", call));
        assertProblem(422, "bad-checkpoint", response);
        assertTrue(
                Client.json(response).get("detail").asText().contains("posix.system"),
                () -> new String(response.body(), StandardCharsets.UTF_8));
    }

    private static byte[] stored(String name, byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry(name);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(content.length);
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setCrc(crc.getValue());
            zip.putNextEntry(entry);
            zip.write(content);
        }
        return bytes.toByteArray();
    }

    @Test
    void filesThatNameOtherFiles() throws Exception {
        byte[] index = "{\"weight_map\": {\"a\": \"../../../../etc/passwd\"}}".getBytes(StandardCharsets.UTF_8);
        assertProblem(422, "bad-checkpoint", running.client.post("/v1/checkpoints/summary", index));
        assertProblem(404, "unknown-model", running.client.get("/v1/models/..%2f..%2fetc%2fpasswd"));
    }

    @Test
    void modelsThatAreNotThereOrDoOtherThings() throws Exception {
        assertProblem(404, "unknown-model", running.client.post("/v1/models/none/classify", siren));
        assertProblem(409, "operation-not-offered", running.client.post("/v1/models/metanet/embedding", siren));
        assertProblem(409, "operation-not-offered", running.client.post("/v1/models/ghn/classify", siren));
        assertProblem(404, "unknown-path", running.client.get("/v2/models"));
    }

    @Test
    void valuesAndTypesThatAreRefused() throws Exception {
        String path = "/v1/models/ghn/parameters";
        for (String body : List.of(
                "{",
                "[]",
                "{}",
                "{\"family\": \"none\"}",
                "{\"family\": \"siren\", \"x\": 1}",
                "{\"family\": 1, \"family\": 2}",
                "{\"architecture\": {\"input\": 3}}",
                "{\"family\": \"siren\", \"seed\": 0.5}")) {
            assertProblem(400, "invalid-value", running.client.post(path, body.getBytes(StandardCharsets.UTF_8)));
        }
        assertProblem(415, "unsupported-type", running.client.post(path, siren, "Content-Type", "text/plain"));
        assertProblem(415, "unsupported-type", running.client.post(CLASSIFY, siren, "Content-Encoding", "gzip"));
        assertProblem(406, "not-acceptable", running.client.post(path, siren, "Accept", "text/html"));
    }

    @Test
    void networksThatTheModelDoesNotRead() throws Exception {
        ByteArrayOutputStream other = new ByteArrayOutputStream();
        SafetensorsWriter writer = new SafetensorsWriter()
                .add("0.weight", new long[] {1, 2}, new float[2])
                .add("0.bias", new long[] {1}, new float[] {Float.NaN});
        TensorForm.SAFETENSORS.prepare(writer).content().writeTo(other);
        assertProblem(422, "bad-checkpoint", running.client.post(CLASSIFY, other.toByteArray()));
    }

    @Test
    void damagedArrowStreams() throws Exception {
        SafetensorsWriter writer = new SafetensorsWriter().add("a", new long[] {5, 2}, new float[10]);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TensorForm.ARROW.prepare(writer).content().writeTo(bytes);
        byte[] sound = bytes.toByteArray();
        String path = "/v1/models/wnn/nowcast";
        String[] type = {"Content-Type", TensorForm.ARROW.mediaType()};
        for (int at = 0; at < sound.length; at += 7) { // each answer is some problem of the client's, never a 500
            byte[] damaged = sound.clone();
            damaged[at] ^= (byte) 0x81;
            int status = running.client.post(path, damaged, type).statusCode();
            assertTrue(status == 422 || status == 400, "byte " + at + " changed: " + status);
        }
        for (int length = 0; length < sound.length; length += 11) {
            assertProblem(422, "bad-checkpoint", running.client.post(path, Arrays.copyOf(sound, length), type));
        }
    }

    /** What is compressed may become any amount. */
    @Test
    void compressedArrowStreams() throws Exception {
        SafetensorsWriter writer = new SafetensorsWriter().add("a", new long[] {5, 2}, new float[10]);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.of(writer), allocator);
                ArrowStreamWriter stream = new ArrowStreamWriter(
                        root,
                        new DictionaryProvider.MapDictionaryProvider(),
                        Channels.newChannel(bytes),
                        IpcOption.DEFAULT,
                        new PretendedCompression(),
                        CompressionUtil.CodecType.LZ4_FRAME)) {
            TensorSchema.fill(root, writer, TensorSchema.tensors(writer).get(0));
            stream.writeBatch();
        }
        HttpResponse<byte[]> response = running.client.post(
                "/v1/models/wnn/nowcast", bytes.toByteArray(), "Content-Type", TensorForm.ARROW.mediaType());
        assertProblem(422, "bad-checkpoint", response);
        assertTrue(Client.json(response).get("detail").asText().contains("it is compressed"));
    }

    @Test
    void slowClientsAreTurnedAway() throws Exception {
        try (RawClient raw = new RawClient(running.front.port())) {
            raw.say(head(CLASSIFY, 100));
            for (int i = 0; i < 6; i++) {
                raw.say("x");
                Thread.sleep(500);
            }
            assertProblem(408, "too-slow", raw.end().answer());
        }
    }

    @Test
    void clientsThatGoAwayLeaveNothingBehind() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (RawClient raw = new RawClient(running.front.port())) {
                raw.say(head(CLASSIFY, siren.length)).say(Arrays.copyOf(siren, 40));
            }
            try (RawClient raw = new RawClient(running.front.port())) {
                raw.say(head(CLASSIFY, siren.length)).say(siren);
            }
        }
    }

    @Test
    void tooManyAtOnceAreToldToComeBack() throws Exception {
        RawClient[] inside = new RawClient[8];
        for (int i = 0; i < inside.length; i++) {
            inside[i] = new RawClient(running.front.port());
            inside[i].say(head(CLASSIFY, siren.length)).say(Arrays.copyOf(siren, 40));
        }
        for (int i = 0; i < 100 && running.service.admission().inside() < 8; i++) {
            Thread.sleep(10);
        }
        HttpResponse<byte[]> busy = running.client.post(CLASSIFY, siren);
        assertProblem(429, "busy", busy);
        assertEquals("1", busy.headers().firstValue("Retry-After").orElse(""));
        assertEquals(200, running.client.get("/health/ready").statusCode());
        assertEquals(200, running.client.get("/v1/models").statusCode());
        for (RawClient each : inside) {
            each.say(Arrays.copyOfRange(siren, 40, siren.length));
            assertTrue(each.answer().startsWith("HTTP/1.1 200"));
            each.close();
        }
    }

    @Test
    void otherSitesPagesAreTurnedAway() throws Exception {
        assertProblem(403, "cross-site", running.client.post(CLASSIFY, siren, "Sec-Fetch-Site", "cross-site"));
    }
}
