package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.problem.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send what they should and then behave oddly; the answer is many times what networks hold for them. */
class RudeClientTest {

    private static final String LARGE = "{\"family\": \"resnet18\", \"new_classes\": true}";
    private static final Pattern LENGTH = Pattern.compile("Content-Length: (\\d+)");

    @TempDir
    private static Path folder;

    private static RunningService running;

    @BeforeAll
    static void start() throws IOException {
        ServiceLimits limits = new ServiceLimits(4, 1 << 20, 4 << 20, 64 << 20, Duration.ofSeconds(2));
        running = RunningService.of(SmallModels.write(folder.resolve("models")), limits, ApiKeys.none());
    }

    @AfterAll
    static void stop() throws IOException {
        running.close();
    }

    @AfterEach
    void nobodyIsInsideAndOthersAreAnswered() throws Exception {
        assertTrue(running.service.admission().awaitEmpty(Deadline.after(Duration.ofSeconds(15))), "it is held");
        byte[] small = "{\"family\": \"small-cnn-zoo\"}".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                200, running.client.post("/v1/models/ghn/parameters", small).statusCode());
        assertEquals(0, running.service.spool().used());
    }

    private static RawClient asking() throws IOException {
        return new RawClient(running.front.port())
                .say("POST /v1/models/ghn/parameters HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                        + LARGE.length() + "\r\n\r\n" + LARGE);
    }

    /** An answer that is broken off is shorter than it said, so that nobody takes it for a whole one. */
    @Test
    void whoDoesNotReadIsCutOff() throws Exception {
        try (RawClient raw = asking()) {
            String begin = raw.some(12);
            nobodyIsInsideAndOthersAreAnswered();
            String answer = begin + raw.rest();
            Matcher length = LENGTH.matcher(answer);
            assertTrue(length.find(), answer.substring(0, 200));
            boolean cut = answer.startsWith("HTTP/1.1 200 ") && answer.length() < Long.parseLong(length.group(1));
            assertTrue(cut || answer.contains("urn:weft:problem:timed-out"), answer.substring(0, 200));
        }
    }

    @Test
    void whoGoesWhileAnsweredLeavesNothingBehind() throws Exception {
        try (RawClient raw = asking()) {
            raw.some(5000);
        }
    }

    @Test
    void whoGoesBeforeTheAnswerLeavesNothingBehind() throws Exception {
        asking().close();
    }

    /** One half of the connection closed behind a whole request is how some clients say that they are done. */
    @Test
    void whoOnlyListensIsAnswered() throws Exception {
        String small = "{\"family\": \"small-cnn-zoo\"}";
        try (RawClient raw = new RawClient(running.front.port())) {
            String answer = raw.say("POST /v1/models/ghn/parameters HTTP/1.1\r\nHost: x\r\nContent-Length: "
                            + small.length() + "\r\n\r\n" + small)
                    .end()
                    .answer();
            assertTrue(answer.startsWith("HTTP/1.1 200 "), answer.substring(0, 200));
        }
    }
}
