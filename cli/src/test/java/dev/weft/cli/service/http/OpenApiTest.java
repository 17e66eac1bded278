package dev.weft.cli.service.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.weft.cli.service.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is written by hand says what the code does. */
class OpenApiTest {

    private static JsonNode description() throws IOException {
        try (InputStream in = HttpFront.class.getResourceAsStream("openapi.yaml")) {
            return YAMLMapper.builder().build().readTree(in);
        }
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() throws IOException {
        Set<String> described = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : description().get("paths").properties()) {
            path.getValue().fieldNames().forEachRemaining(method -> {
                if (!method.equals("parameters")) {
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            });
        }
        Set<String> routes = new TreeSet<>();
        HttpFront.routes().stream().forEach(route -> routes.add(route.method().name() + " " + route.path()));
        assertEquals(routes, described);
    }

    @Test
    void whatNeedsNoKeySaysSo() throws IOException {
        JsonNode paths = description().get("paths");
        for (Route route : HttpFront.routes()) {
            JsonNode operation =
                    paths.path(route.path()).path(route.method().name().toLowerCase(Locale.ROOT));
            if (!operation.isMissingNode()) {
                boolean open =
                        operation.has("security") && operation.get("security").isEmpty();
                assertEquals(route.access() == Route.Access.OPEN, open, route.path());
            }
        }
    }

    @Test
    void everyProblemIsNamed() throws IOException {
        String text =
                description().at("/components/responses/Problem/description").asText();
        for (Problem problem : Problem.values()) {
            assertTrue(text.contains(problem.word()), problem.word());
            assertTrue(text.contains(String.valueOf(problem.status())), problem.word());
        }
    }

    @Test
    void referencesLeadSomewhere() throws IOException {
        JsonNode all = description();
        List<String> references = all.findValuesAsText("$ref");
        assertTrue(references.size() > 20);
        for (String reference : references) {
            assertTrue(!all.at(reference.substring(1)).isMissingNode(), reference);
        }
    }
}
