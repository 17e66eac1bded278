package dev.weft.cli.results;

import dev.weft.cli.report.Json;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code steps.jsonl}: one line for each optimizer and seed that was trained to its end. */
final class StepsLog {

    static final String FILE = "steps.jsonl";

    private final Path file;
    private final List<Entry> entries;

    /**
     * One training.
     *
     * @param protocol everything that decides the outcome besides the next two
     * @param optimizer by its name in the table
     * @param seed of start and batches
     * @param reached whether the accuracy that was aimed at was reached
     * @param steps taken
     * @param loss behind them, on the test images
     * @param accuracy of the same, in [0, 1]
     * @param seconds of steps and tests
     * @param processors that Java may use
     * @param curve every test, in the order of steps
     */
    record Entry(
            String protocol,
            String optimizer,
            long seed,
            boolean reached,
            long steps,
            double loss,
            double accuracy,
            double seconds,
            int processors,
            List<Point> curve) {

        Entry {
            curve = List.copyOf(curve);
        }
    }

    /** One test. */
    record Point(long steps, double loss, double accuracy) {}

    private StepsLog(Path file, List<Entry> entries) {
        this.file = file;
        this.entries = entries;
    }

    /**
     * Reads what is there.
     *
     * @param protocols of the optimizers that are of interest, by name; lines of others are passed over
     * @throws IllegalArgumentException if a line of such an optimizer was made by another protocol
     */
    static StepsLog open(Path folder, Map<String, String> protocols) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FILE);
        List<Entry> entries = new ArrayList<>();
        if (Files.exists(file)) {
            String text = Files.readString(file);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            if (whole.length() < text.length()) { // a killed process may leave half of a last line
                Files.writeString(file, whole);
            }
            for (String line : whole.lines().toList()) {
                Entry entry = Json.parse(file + ": line " + (entries.size() + 1), line, Entry.class);
                String expected = protocols.getOrDefault(entry.optimizer, entry.protocol);
                if (!entry.protocol.equals(expected)) {
                    throw new IllegalArgumentException(file + " was begun with other settings: expected " + expected
                            + ", found " + entry.protocol + "; give the same settings or another directory for --runs");
                }
                entries.add(entry);
            }
        }
        return new StepsLog(file, entries);
    }

    Optional<Entry> find(String optimizer, long seed) {
        return entries.stream()
                .filter(entry -> entry.optimizer.equals(optimizer) && entry.seed == seed)
                .findFirst();
    }

    void append(Entry entry) throws IOException {
        entries.add(entry);
        try (OutputStream out = new FileOutputStream(file.toFile(), true)) {
            out.write((Json.line(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
