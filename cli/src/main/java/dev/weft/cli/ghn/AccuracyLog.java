package dev.weft.cli.ghn;

import dev.weft.cli.report.JsonLines;
import dev.weft.datasets.architecture.ScratchTraining;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What networks trained from scratch came to, as JSON lines: one line a network, so that work can stop and go on. */
final class AccuracyLog {

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
    record Entry(String protocol, String network, List<Double> accuracies, boolean diverged, double seconds)
            implements JsonLines.OfProtocol {

        Entry {
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
        double last() {
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
    static AccuracyLog open(Path file, String protocol) throws IOException {
        AccuracyLog log = new AccuracyLog(file, protocol);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        JsonLines.read(file, Entry.class, entry -> protocol, "another file")
                .forEach(entry -> log.entries.put(entry.network, entry));
        return log;
    }

    /** Returns what is noted of a network. */
    Optional<Entry> find(String network) {
        return Optional.ofNullable(entries.get(network));
    }

    /** Notes a network. */
    void append(String network, ScratchTraining.Outcome outcome, double seconds) throws IOException {
        Entry entry = new Entry(protocol, network, outcome.accuracies(), outcome.diverged(), seconds);
        JsonLines.append(file, entry);
        entries.put(network, entry);
    }
}
