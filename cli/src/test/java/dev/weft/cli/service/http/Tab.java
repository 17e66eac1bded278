package dev.weft.cli.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** A tab of the browser as its user has it: keys, files, what it shows. Waiting is for conditions, each for a bounded time. */
final class Tab {

    private static final Map<String, Integer> KEYS = Map.of("Tab", 9, "Enter", 13, "Space", 32, "ArrowDown", 40);

    private static final String WORST_CONTRAST = """
            (() => {
              const parts = (color) => color.match(/[\\d.]+/g).map(Number);
              const light = (color) => {
                const [r, g, b] = parts(color).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const paper = (element) => {
                for (let at = element; at; at = at.parentElement) {
                  const color = getComputedStyle(at).backgroundColor;
                  if ((parts(color)[3] ?? 1) > 0) return color;
                }
                return 'rgb(255, 255, 255)';
              };
              let worst = [99, 'nothing'];
              for (const element of document.body.querySelectorAll('*')) {
                const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join('');
                if (!text || !element.checkVisibility()) continue;
                const [a, b] = [light(getComputedStyle(element).color), light(paper(element))].sort((x, y) => y - x);
                const contrast = (a + 0.05) / (b + 0.05);
                if (contrast < worst[0]) worst = [contrast, element.tagName + ' ' + text];
              }
              return worst;
            })()
            """;

    private final DevTools tools;
    private final String session;

    Tab(DevTools tools, String session) {
        this.tools = tools;
        this.session = session;
    }

    JsonNode command(String method, Map<String, ?> parameters) {
        return tools.command(session, method, parameters);
    }

    /** Goes to an address and waits until the page and what it names are there. */
    void go(String address) throws InterruptedException, TimeoutException {
        tools.forget();
        command("Page.navigate", Map.of("url", address));
        tools.take("Page.loadEventFired", event -> true);
    }

    /** Returns the value of an expression; a promise is waited for. */
    JsonNode value(String expression) {
        JsonNode answer = command(
                "Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails") + "\n" + text("body"));
        }
        return answer.at("/result/value");
    }

    /** Waits until an expression is true. */
    void await(String expression) {
        value("new Promise((done, fail) => { const end = performance.now() + " + DevTools.PATIENCE.toMillis()
                + "; (function look() { if (" + expression + ") done(true);"
                + " else if (performance.now() > end) fail(new Error('in vain'));"
                + " else setTimeout(look, 10); })(); })");
    }

    /** Returns the text of an element as it is seen. */
    String text(String selector) {
        return command(
                        "Runtime.evaluate",
                        Map.of(
                                "expression",
                                "document.querySelector('" + selector + "').innerText",
                                "returnByValue",
                                true))
                .at("/result/value")
                .asText();
    }

    /** Returns the worst contrast of a text with its background by WCAG 2.2, whose level AA asks for 4.5, and the text. */
    JsonNode worstContrast() {
        return value(WORST_CONTRAST);
    }

    /** Waits for an event since the page was opened, takes it away, and returns what it tells. */
    JsonNode take(String method, Predicate<JsonNode> condition) throws InterruptedException, TimeoutException {
        return tools.take(method, condition);
    }

    /** Returns the events of a kind since the page was opened. */
    List<JsonNode> events(String method) {
        return tools.all(method);
    }

    /** Presses a key and lets it go. */
    void press(String key) {
        String name = key.equals("Space") ? " " : key;
        for (String type : List.of("keyDown", "keyUp")) {
            command(
                    "Input.dispatchKeyEvent",
                    Map.of(
                            "type", type,
                            "key", name,
                            "code", key,
                            "windowsVirtualKeyCode", KEYS.get(key),
                            "text", key.equals("Enter") ? "\r" : key.equals("Space") ? " " : ""));
        }
    }

    /** Types letters. */
    void type(String letters) {
        for (String letter : letters.split("")) {
            command("Input.dispatchKeyEvent", Map.of("type", "keyDown", "key", letter, "text", letter));
            command("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", letter));
        }
    }

    /** Clicks in the middle of an element. */
    void click(String selector) {
        JsonNode middle = middle(selector);
        for (String type : List.of("mousePressed", "mouseReleased")) {
            command(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            middle.get("x"),
                            "y",
                            middle.get("y"),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    private JsonNode middle(String selector) {
        return value("(() => { const element = document.querySelector('" + selector + "');"
                + " element.scrollIntoView({ block: 'center' }); const box = element.getBoundingClientRect();"
                + " return { x: box.x + box.width / 2, y: box.y + box.height / 2 }; })()");
    }

    /** Moves the focus by the tabulator until it is on an element; fails when it has been everywhere. */
    void tabTo(String selector) {
        for (int i = 0; i < 40; i++) {
            if (value("document.activeElement.matches('" + selector + "')").asBoolean()) {
                return;
            }
            press("Tab");
        }
        throw new AssertionError("the tabulator does not lead to " + selector);
    }

    /** Clicks on an input and chooses a file in the dialog. */
    void choose(String selector, Path file) throws InterruptedException, TimeoutException {
        chooseBy(() -> click(selector), file);
    }

    /** Chooses a file in the dialog that an action opens. */
    void chooseBy(Runnable opening, Path file) throws InterruptedException, TimeoutException {
        command("Page.setInterceptFileChooserDialog", Map.of("enabled", true));
        opening.run();
        JsonNode input = take("Page.fileChooserOpened", event -> true).get("backendNodeId");
        command("DOM.setFileInputFiles", Map.of("files", List.of(file.toString()), "backendNodeId", input));
    }

    /** Drops a file in the middle of an element. */
    void drop(String selector, Path file) {
        JsonNode middle = middle(selector);
        for (String type : List.of("dragEnter", "dragOver", "drop")) {
            command(
                    "Input.dispatchDragEvent",
                    Map.of(
                            "type", type,
                            "x", middle.get("x"),
                            "y", middle.get("y"),
                            "data",
                                    Map.of(
                                            "items",
                                            List.of(),
                                            "files",
                                            List.of(file.toString()),
                                            "dragOperationsMask",
                                            1)));
        }
    }

    /** Prefers {@code dark} or {@code light}. */
    void prefer(String scheme) {
        command(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Has a window of this size, in pixels. */
    void resize(int width, int height) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** Returns the upper part of the page as PNG, scaled. */
    byte[] picture(int width, int height, double scale) {
        Map<String, Number> clip = Map.of("x", 0, "y", 0, "width", width, "height", height, "scale", scale);
        JsonNode picture =
                command("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "clip", clip));
        return Base64.getDecoder().decode(picture.get("data").asText());
    }
}
