package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page needs nothing from elsewhere and asks for paths that there are. */
class PageTest {

    private static final Pattern INLINE = Pattern.compile("(?i)<script>|<style|\\sstyle=|\\son[a-z]+=|https?://");
    private static final Pattern PATH =
            Pattern.compile("\"(/(?:v1|openapi|metrics|page)[^\"?]*)|`((?:/v1|\\$\\{model\\})[^`?]*)");

    @TempDir
    private Path models;

    @Test
    void thePageIsServedUnderAStrictPolicy() throws Exception {
        try (RunningService running = RunningService.of(models)) {
            StringBuilder all = new StringBuilder();
            for (String path : new String[] {"/", "/page.css", "/page.js"}) {
                HttpResponse<byte[]> response = running.client.get(path);
                String policy =
                        response.headers().firstValue("Content-Security-Policy").orElse("");
                assertTrue(policy.startsWith("default-src 'none';") && !policy.contains("unsafe"), policy);
                assertEquals(
                        "nosniff",
                        response.headers().firstValue("X-Content-Type-Options").orElse(""));
                all.append(new String(response.body(), StandardCharsets.UTF_8));
            }
            assertFalse(INLINE.matcher(all).find(), "the policy forbids this");
            assertFalse(all.toString().contains("innerHTML"));
            assertTrue(paths(all).size() > 6);
            Set<String> there = HttpFront.routes().stream()
                    .map(route -> route.path().replace("{name}", "*"))
                    .collect(Collectors.toSet());
            for (String path : paths(all)) {
                assertTrue(there.contains(path), path);
            }
        }
    }

    private static Set<String> paths(CharSequence text) {
        Set<String> paths = new TreeSet<>();
        for (Matcher matcher = PATH.matcher(text); matcher.find(); ) {
            String path = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
            paths.add(path.replace("${model}", "/v1/models/*").replaceAll("\\$\\{[^}]*}", "*"));
        }
        return paths;
    }
}
