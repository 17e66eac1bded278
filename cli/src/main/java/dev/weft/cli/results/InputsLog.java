package dev.weft.cli.results;

import dev.weft.cli.report.JsonLines;
import dev.weft.hypernets.DropoutExperiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code hypernetworks.jsonl}: one line for each hypernetwork that was trained to its end. */
final class InputsLog {

    static final String FILE = "hypernetworks.jsonl";

    private final Path file;
    private final String protocol;
    private final List<Entry> entries;

    /**
     * One training.
     *
     * @param protocol everything that decides the outcome besides the next two
     * @param seed of start, conditions, batches and dropout
     * @param seconds that it took, validation included
     */
    record Entry(String protocol, InputsForm form, long seed, double seconds, DropoutExperiment.Outcome outcome)
            implements JsonLines.OfProtocol {}

    private InputsLog(Path file, String protocol, List<Entry> entries) {
        this.file = file;
        this.protocol = protocol;
        this.entries = entries;
    }

    /**
     * Reads what is there.
     *
     * @throws IllegalArgumentException if the lines were made by another protocol
     */
    static InputsLog open(Path folder, String protocol) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(FILE);
        List<Entry> entries = JsonLines.read(file, Entry.class, entry -> protocol, "another directory for --runs");
        return new InputsLog(file, protocol, entries);
    }

    /** Returns the trainings of a form from the seeds below a number, in their order. */
    List<Entry> of(InputsForm form, int seeds) {
        return entries.stream()
                .filter(entry -> entry.form == form && entry.seed < seeds)
                .toList();
    }

    boolean has(InputsForm form, long seed) {
        return entries.stream().anyMatch(entry -> entry.form == form && entry.seed == seed);
    }

    void append(InputsForm form, long seed, double seconds, DropoutExperiment.Outcome outcome) throws IOException {
        Entry entry = new Entry(protocol, form, seed, seconds, outcome);
        entries.add(entry);
        JsonLines.append(file, entry);
    }
}
