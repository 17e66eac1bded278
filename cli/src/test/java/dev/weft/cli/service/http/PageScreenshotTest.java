package dev.weft.cli.service.http;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Makes the README's picture of the page, behind {@code weft quickstart}: {@code mvn test -pl cli -am -Dtest=PageScreenshotTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dweft.screenshot=$PWD/docs/service.png -Dweft.models=$PWD/quickstart/runs
 * -Dweft.network=$PWD/network.safetensors}, the network by {@code weft zoo export quickstart/zoo}.
 */
@EnabledIfSystemProperty(named = "weft.screenshot", matches = ".+")
class PageScreenshotTest {

    private static final int WIDTH = 1200;
    private static final int HEIGHT = 1392;
    private static final double SCALE = 0.7;

    @Test
    void thePageShowsANetwork() throws Exception {
        try (RunningService running = RunningService.of(Path.of(System.getProperty("weft.models")));
                Chromium chromium = Chromium.start()) {
            Tab tab = chromium.open();
            tab.resize(WIDTH, HEIGHT);
            tab.go("http://127.0.0.1:" + running.front.port() + "/");
            tab.await("document.querySelector('#list details')");
            tab.choose("#file", Path.of(System.getProperty("weft.network")));
            tab.await("document.getElementById('status').textContent === ''"
                    + " && !document.getElementById('result').hidden");
            tab.value("document.activeElement.blur()");
            Files.write(Path.of(System.getProperty("weft.screenshot")), tab.picture(WIDTH, HEIGHT, SCALE));
        }
    }
}
