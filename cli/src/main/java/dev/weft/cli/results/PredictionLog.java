package dev.weft.cli.results;

import dev.weft.cli.report.JsonLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code networks.jsonl}: one line for each network that was judged with parameters from one source. */
final class PredictionLog {

    static final String FILE = "networks.jsonl";

    private final Path file;
    private final String protocol;
    private final List<Entry> entries;

    /**
     * One network.
     *
     * @param protocol everything that decides the outcome besides the next fields
     * @param kind what was done
     * @param start who wrote the parameters: {@code --model} of a hypernetwork, or {@value PredictionLog#DRAWN}
     * @param seed of the hypernetwork, or of the draw
     * @param split of the network
     * @param network its id
     * @param seconds of the processor that the prediction took
     * @param points in the order of steps
     */
    record Entry(
            String protocol,
            Kind kind,
            String start,
            long seed,
            String split,
            String network,
            double seconds,
            List<Point> points) {}

    /** Judged as predicted, or along a gradient descent. */
    enum Kind {
        PREDICTED,
        DESCENT
    }

    /** The start of networks that no hypernetwork wrote. */
    static final String DRAWN = "drawn";

    /**
     * A network behind some steps of gradient descent.
     *
     * @param accuracy on the test images
     * @param loss on them, in nats
     */
    record Point(int steps, double accuracy, double loss) {}

    private PredictionLog(Path file, String protocol, List<Entry> entries) {
        this.file = file;
        this.protocol = protocol;
        this.entries = entries;
    }

    /**
     * Reads what is there; nothing is written before the first new line.
     *
     * @throws IllegalArgumentException if the lines were made by another protocol
     */
    static PredictionLog open(Path folder, String protocol) throws IOException {
        Path file = folder.resolve(FILE);
        List<Entry> entries = JsonLines.read(file, Entry.class);
        for (Entry entry : entries) {
            if (!entry.protocol.equals(protocol)) {
                throw new IllegalArgumentException(file + " was begun with other settings: expected " + protocol
                        + ", found " + entry.protocol + "; give the same settings or another directory for --runs");
            }
        }
        return new PredictionLog(file, protocol, entries);
    }

    String protocol() {
        return protocol;
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    Optional<Entry> find(Kind kind, String start, long seed, String network) {
        return entries.stream()
                .filter(entry -> entry.kind == kind
                        && entry.start.equals(start)
                        && entry.seed == seed
                        && entry.network.equals(network))
                .findFirst();
    }

    void append(Entry entry) throws IOException {
        entries.add(entry);
        JsonLines.append(file, entry);
    }
}
