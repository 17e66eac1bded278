package dev.weft.cli.results;

import dev.weft.cli.report.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
            List<Point> curve)
            implements JsonLines.OfProtocol {

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
        List<Entry> entries = JsonLines.read(
                file,
                Entry.class,
                entry -> protocols.getOrDefault(entry.optimizer, entry.protocol),
                "another directory for --runs");
        return new StepsLog(file, entries);
    }

    Optional<Entry> find(String optimizer, long seed) {
        return entries.stream()
                .filter(entry -> entry.optimizer.equals(optimizer) && entry.seed == seed)
                .findFirst();
    }

    void append(Entry entry) throws IOException {
        entries.add(entry);
        JsonLines.append(file, entry);
    }
}
