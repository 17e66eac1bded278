package dev.weft.cli.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.network.Architecture;
import java.util.ArrayList;
import java.util.List;

/** The JSON of an architecture with a node a line, to be read and edited. */
final class ArchitectureText {

    private static final String NODES = "nodes";

    private ArchitectureText() {}

    static String of(Architecture architecture) {
        JsonNode tree = tree(architecture.toJson());
        List<String> lines = new ArrayList<>();
        tree.properties().forEach(each -> {
            if (!each.getKey().equals(NODES)) {
                lines.add("\"" + each.getKey() + "\":" + each.getValue());
            }
        });
        List<String> nodes = new ArrayList<>();
        tree.get(NODES).forEach(node -> nodes.add("\n  " + node));
        lines.add("\"" + NODES + "\":[" + String.join(",", nodes) + "\n ]");
        return "{" + String.join(",\n ", lines) + "}\n";
    }

    private static JsonNode tree(String json) {
        try {
            return JsonMapper.builder().build().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an architecture's text is JSON", e);
        }
    }
}
