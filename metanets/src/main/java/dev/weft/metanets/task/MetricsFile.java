package dev.weft.metanets.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Figures of a run as JSON lines, one line an epoch. */
public record MetricsFile(Path file) {

    /** Returns the figures so far, oldest first. */
    public List<JsonNode> read() throws IOException {
        List<JsonNode> read = new ArrayList<>();
        for (String line : lines()) {
            read.add(StrictJson.parse(file + ": line " + (read.size() + 1), line));
        }
        return read;
    }

    /** Appends figures by name. */
    public void append(Map<String, Object> figures) throws IOException {
        Files.writeString(file, StrictJson.line(figures) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Drops the lines of epochs that a resumed run will do again. */
    public void truncate(int epochs) throws IOException {
        List<String> lines = lines();
        StringBuilder kept = new StringBuilder();
        lines.subList(0, Math.min(epochs, lines.size()))
                .forEach(line -> kept.append(line).append('\n'));
        RunDirectory.writeText(file, kept.toString());
    }

    /** Returns the lines that are whole: a killed process may leave half of its last one. */
    private List<String> lines() throws IOException {
        String text = Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
