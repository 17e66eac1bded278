package dev.weft.datasets.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.metanets.task.StrictJson;
import dev.weft.network.FormatException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What networks trained from scratch came to, as JSON lines: one line a network, so that work can stop and go on. */
public final class AccuracyLog {

    private final Path file;
    private final String protocol;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    /**
     * One training.
     *
     * @param protocol everything that decides the outcome besides the network
     * @param network its id among the architectures
     * @param accuracies on the test images behind each epoch
     * @param diverged whether training broke off
     * @param seconds it took
     */
    public record Entry(String protocol, String network, List<Double> accuracies, boolean diverged, double seconds) {

        public Entry {
            accuracies = List.copyOf(accuracies);
            if (accuracies.isEmpty()) {
                throw new IllegalArgumentException(network + ": expected an accuracy or more");
            }
            for (double accuracy : accuracies) {
                if (!(accuracy >= 0 && accuracy <= 1)) {
                    throw new IllegalArgumentException(network + ": expected accuracies in [0, 1], got " + accuracy);
                }
            }
        }

        /** Returns the accuracy behind the last epoch. */
        public double last() {
            return accuracies.get(accuracies.size() - 1);
        }
    }

    private AccuracyLog(Path file, String protocol) {
        this.file = file;
        this.protocol = protocol;
    }

    /**
     * Reads what is there, if anything.
     *
     * @throws FormatException if a line is damaged
     * @throws IllegalArgumentException if the lines were made by another protocol
     */
    public static AccuracyLog open(Path file, String protocol) throws IOException {
        AccuracyLog log = new AccuracyLog(file, protocol);
        if (Files.exists(file)) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            int number = 0;
            for (String line : whole.lines().toList()) {
                log.add(file + ": line " + ++number, line);
            }
            if (whole.length() < text.length()) { // a killed process may leave half of a last line
                Files.writeString(file, whole);
            }
        }
        return log;
    }

    private void add(String where, String line) throws FormatException {
        JsonNode tree = StrictJson.parse(where, line);
        Entry entry = StrictJson.bind(where, tree, Entry.class);
        if (!entry.protocol.equals(protocol)) {
            throw new IllegalArgumentException(file + " was begun with other settings: expected " + protocol
                    + ", found " + entry.protocol + "; give the same settings or another file");
        }
        entries.put(entry.network, entry);
    }

    /** Returns what is noted of a network. */
    public Optional<Entry> find(String network) {
        return Optional.ofNullable(entries.get(network));
    }

    /** Notes a network. */
    public void append(String network, ScratchTraining.Outcome outcome, double seconds) throws IOException {
        Entry entry = new Entry(protocol, network, outcome.accuracies(), outcome.diverged(), seconds);
        try (OutputStream out = new FileOutputStream(file.toFile(), true)) {
            out.write((StrictJson.line(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        entries.put(network, entry);
    }
}
