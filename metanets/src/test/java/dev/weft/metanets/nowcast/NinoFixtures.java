package dev.weft.metanets.nowcast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** What the reference implementation computed; tests are skipped where the files are absent. */
public final class NinoFixtures {

    private static final ObjectMapper JSON = new ObjectMapper();

    private NinoFixtures() {}

    public static Path file(String name) {
        return Fixtures.file("nino/" + name);
    }

    public static JsonNode json(String name) throws IOException {
        return JSON.readTree(file(name + ".json").toFile());
    }

    public static Safetensors open(String name) throws IOException {
        return Safetensors.open(file(name + ".safetensors"));
    }

    /** Reads a list of parameters. */
    public static RowLayout layout(JsonNode parameters) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (JsonNode parameter : parameters) {
            List<Integer> shape = new ArrayList<>();
            parameter.get("shape").forEach(size -> shape.add(size.asInt()));
            shapes.put(parameter.get("name").asText(), shape);
        }
        return new RowLayout(shapes);
    }

    /** Reads a number of heads that may be null or absent. */
    public static OptionalInt heads(JsonNode network, String name) {
        JsonNode heads = network.get(name);
        return heads == null || heads.isNull() ? OptionalInt.empty() : OptionalInt.of(heads.asInt());
    }

    /** Cuts a flat array into rows. */
    public static float[][] rows(float[] flat, int width) {
        float[][] rows = new float[flat.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
        }
        return rows;
    }

    /** Returns the norm of the difference relative to the expected displacement's. */
    public static double relativeError(float[] expected, float[] found, float[] from) {
        double error = 0;
        double displacement = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow((double) found[i] - expected[i], 2);
            displacement += Math.pow((double) expected[i] - from[i], 2);
        }
        return Math.sqrt(error / displacement);
    }
}
