package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.cli.service.Admission;
import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.metanets.task.InrClassification;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a person has it, in a headless Chromium; skipped where there is none ({@link Chromium} says how it is driven). */
class PageInChromiumTest {

    private static final int PLACES = 6;
    private static final String SHOWN =
            "document.getElementById('status').textContent === '' && !document.getElementById('result').hidden";
    private static final String SAID = "document.getElementById('status').classList.contains('wrong')";

    @TempDir
    private static Path folder;

    private static Chromium chromium;
    private static RunningService running;
    private static Tab tab;
    private static Path siren;
    private static Path broken;

    @BeforeAll
    static void start() throws IOException {
        chromium = Chromium.start();
        chromium.downloadTo(Files.createDirectories(folder.resolve("downloads")));
        tab = chromium.open();
        ServiceLimits limits = new ServiceLimits(PLACES, 8 << 20, 32 << 20, 64 << 20, Duration.ofSeconds(30));
        Path models = SmallModels.write(folder.resolve("models"));
        SmallModels.metanet(models.resolve("digits"), InrClassification.NAME, 2, List.of("2", "1", "0"));
        running = RunningService.of(models, limits, ApiKeys.none());
        siren = Files.write(folder.resolve("mine <b>.safetensors"), SmallModels.checkpoint(folder, 1));
        broken = Files.writeString(folder.resolve("broken.pt"), "no checkpoint");
    }

    @AfterAll
    static void stop() throws IOException {
        if (running != null) {
            running.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        tab.prefer("light");
        tab.resize(1280, 900);
        tab.go(address());
        tab.await("document.querySelectorAll('#list details').length === 4 && document.getElementById('family').value");
    }

    private static String address() {
        return "http://127.0.0.1:" + running.front.port() + "/";
    }

    /** Nothing is asked of anybody else, and nothing is amiss but the answers that a test provokes. */
    @AfterEach
    void thePageKeptToItself() {
        for (JsonNode request : tab.events("Network.requestWillBeSent")) {
            String url = request.at("/request/url").asText();
            assertTrue(url.startsWith(address()) || url.startsWith("blob:" + address()) || url.equals("data:,"), url);
        }
        assertEquals(List.of(), tab.events("Runtime.exceptionThrown"));
        assertEquals(List.of(), tab.events("Runtime.consoleAPICalled"));
        for (JsonNode entry : tab.events("Log.entryAdded")) {
            assertEquals("network", entry.at("/entry/source").asText(), entry.toString());
        }
    }

    private static void assertEverythingIsShown() throws Exception {
        tab.await(SHOWN);
        assertEquals("mine <b>.safetensors", tab.text("#name"));
        assertTrue(tab.text("#facts").contains("siren 2-4-1"), tab.text("#facts"));
        assertTrue(tab.text("#symmetries").matches("(?s).*neuron permutations\\s+1 of 4\\s+10\\^1\\.4 elements.*"));
        assertEquals(
                4,
                tab.value("document.querySelectorAll('#tensors td:first-child').length")
                        .asInt());
        assertTrue(
                tab.text("#tensors").matches("(?s).*seq\\.0\\.weight\\s+F32\\s+4 x 2\\s+-?\\d.*"),
                tab.text("#tensors"));
        assertAnswerIsShown("digits", 1); // names that JavaScript would put in an order of its own
        assertAnswerIsShown("metanet", 2);
        assertEquals(
                256,
                tab.value("document.querySelector('#picture img').naturalWidth").asInt());
        assertTrue(
                tab.value("document.querySelector('#graph img').naturalWidth").asInt() > 100);
    }

    private static void assertAnswerIsShown(String model, int place) throws Exception {
        JsonNode expected =
                Client.json(running.client.post("/v1/models/" + model + "/classify", Files.readAllBytes(siren)));
        String card = "#answers .card:nth-child(" + place + ")";
        assertEquals(model + "\n" + expected.get("answer").asText(), tab.text(card + " h5"));
        assertEquals(expected.get("answer").asText(), tab.text(card + " .odds span"));
        assertEquals(
                3,
                tab.value("document.querySelectorAll('" + card + " progress').length")
                        .asInt());
    }

    @Test
    void aChosenCheckpointIsShown() throws Exception {
        tab.choose("#file", siren);
        assertEverythingIsShown();
    }

    @Test
    void aDroppedCheckpointIsShown() throws Exception {
        tab.drop("#drop", siren);
        assertEverythingIsShown();
    }

    private static Path download() throws Exception {
        JsonNode end = tab.take(
                "Browser.downloadProgress", event -> event.get("state").asText().equals("completed"));
        return folder.resolve("downloads").resolve(end.get("guid").asText());
    }

    @Test
    void predictedParametersAreDownloaded() throws Exception {
        tab.value("document.getElementById('family').value = 'small-cnn-zoo'");
        tab.click("#parameters");
        byte[] body = "{\"family\": \"small-cnn-zoo\"}".getBytes(StandardCharsets.UTF_8);
        Path file = download();
        assertArrayEquals(running.client.post("/v1/models/ghn/parameters", body).body(), Files.readAllBytes(file));
        try (Safetensors tensors = Safetensors.open(file)) {
            assertTrue(tensors.metadata().get("predicted_by").startsWith("ghn "));
        }
        assertEquals(
                "small-cnn-zoo.safetensors",
                tab.events("Browser.downloadWillBegin")
                        .get(0)
                        .get("suggestedFilename")
                        .asText());
        assertTrue(tab.text("#predicted").contains(" KiB, after "), tab.text("#predicted"));
    }

    @Test
    void anEmbeddingIsDownloaded() throws Exception {
        tab.click("#embedding");
        byte[] body = "{\"family\": \"resnet18\"}".getBytes(StandardCharsets.UTF_8);
        Path file = download();
        assertArrayEquals(running.client.post("/v1/models/ghn/embedding", body).body(), Files.readAllBytes(file));
        assertTrue(tab.text("#predicted").startsWith("resnet18.embedding.json, "), tab.text("#predicted"));
    }

    @Test
    void anArchitectureOfOnesOwnIsTaken() throws Exception {
        String json = Families.named("small-cnn-zoo").published().get().toJson();
        tab.value("(() => { const family = document.getElementById('family'); family.value = '';"
                + " family.dispatchEvent(new Event('change')); })()");
        tab.click("#parameters");
        tab.await("document.getElementById('predicted').textContent.startsWith('The architecture is no JSON')");
        tab.click("#architecture");
        tab.command("Input.insertText", Map.of("text", json));
        tab.click("#parameters");
        try (Safetensors tensors = Safetensors.open(download())) {
            assertEquals(json, tensors.metadata().get("architecture"));
        }
    }

    @Test
    void modelsHaveTheirCards() {
        assertFalse(tab.text("#list").contains("a small one"));
        tab.click("#list details:nth-child(3) summary");
        tab.await("document.querySelector('#list details:nth-child(3) h3').checkVisibility()");
        assertEquals("a small one", tab.text("#list details:nth-child(3) h3"));
        assertTrue(tab.text("#list details:nth-child(3) dl").contains("siren 2-4-1"));
    }

    /** From the top of the page to its end by the tabulator and the enter key. */
    @Test
    void everythingIsWithinReachOfTheKeyboard() throws Exception {
        tab.tabTo("#file");
        tab.chooseBy(() -> tab.press("Enter"), siren);
        assertEverythingIsShown();
        tab.tabTo("#tensors, :has(> #tensors)");
        tab.tabTo("#family");
        tab.type("small");
        assertEquals(
                "small-cnn-zoo",
                tab.value("document.getElementById('family').value").asText());
        tab.tabTo("#parameters");
        assertTrue(tab.value("getComputedStyle(document.activeElement).outlineStyle")
                .asText()
                .equals("solid"));
        tab.press("Enter");
        assertTrue(Files.size(download()) > 0);
        tab.tabTo("summary");
        tab.press("Enter");
        tab.await("document.querySelector('#list details').open");
        tab.tabTo("a[href=\"/openapi.yaml\"]");
    }

    @Test
    void textIsReadableInLightAndDarkAndOnNarrowScreens() throws Exception {
        tab.choose("#file", siren);
        tab.await(SHOWN);
        tab.click("#list details:nth-child(3) summary");
        tab.value("document.getElementById('predicted').append(document.getElementById('status').cloneNode())");
        List<String> papers = new ArrayList<>();
        for (String scheme : List.of("light", "dark")) {
            tab.prefer(scheme);
            papers.add(
                    tab.value("getComputedStyle(document.body).backgroundColor").asText());
            assertReadable();
        }
        assertFalse(papers.get(0).equals(papers.get(1)));
        tab.resize(360, 700);
        tab.await("innerWidth === 360");
        String wide =
                "[...document.body.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > 360"
                        + " && !each.closest('.wide')).map((each) => each.outerHTML.slice(0, 99))";
        assertEquals("[]", tab.value(wide).toString());
        tab.choose("#file", broken);
        tab.await(SAID);
        assertReadable();
        tab.prefer("light");
        assertReadable();
    }

    private static void assertReadable() {
        JsonNode worst = tab.worstContrast();
        assertTrue(worst.get(0).asDouble() >= 4.5 && worst.get(0).asDouble() < 99, worst.toString());
    }

    @Test
    void whatGoesWrongIsSaid() throws Exception {
        tab.choose("#file", broken);
        tab.await(SAID);
        assertTrue(tab.text("#status").startsWith("The upload cannot be read: "), tab.text("#status"));
        assertFalse(
                tab.value("document.getElementById('result').checkVisibility()").asBoolean());
        tab.choose("#file", siren);
        assertEverythingIsShown();
    }

    /** The page asks again when it is told to, and says so in the end; the same file may be chosen once more. */
    @Test
    void aBusyServiceIsAskedAgain() throws Exception {
        List<Admission.Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            tickets.add(running.service.admission().enter());
        }
        tab.choose("#file", siren);
        tab.take(
                "Network.responseReceived",
                event -> event.at("/response/status").asInt() == 429);
        tickets.forEach(Admission.Ticket::close);
        assertEverythingIsShown();
    }

    @Test
    void aServiceThatStaysBusySaysSo() throws Exception {
        List<Admission.Ticket> tickets = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            tickets.add(running.service.admission().enter());
        }
        tab.click("#parameters");
        tab.choose("#file", siren);
        tab.await(SAID + " && document.getElementById('predicted').classList.contains('wrong')");
        tickets.forEach(Admission.Ticket::close);
        assertEquals("The service has enough to do: all 6 places are taken", tab.text("#status"));
        assertEquals("The service has enough to do: all 6 places are taken", tab.text("#predicted"));
        tab.choose("#file", siren);
        assertEverythingIsShown();
    }
}
