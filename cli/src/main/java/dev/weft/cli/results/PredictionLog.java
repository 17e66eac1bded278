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
import java.util.Optional;

/** {@code networks.jsonl}: one line for each network that was judged with parameters from one source. */
final class PredictionLog {

    static final String FILE = "networks.jsonl";

    private final Path file;
    private final String protocol;
    private final List<Entry> entries;
    private boolean halfLine;

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

    private PredictionLog(Path file, String protocol, List<Entry> entries, boolean halfLine) {
        this.file = file;
        this.protocol = protocol;
        this.entries = entries;
        this.halfLine = halfLine;
    }

    /**
     * Reads what is there; nothing is written before the first new line.
     *
     * @throws IllegalArgumentException if the lines were made by another protocol
     */
    static PredictionLog open(Path folder, String protocol) throws IOException {
        Path file = folder.resolve(FILE);
        String text = Files.exists(file) ? Files.readString(file) : "";
        String whole = text.substring(0, text.lastIndexOf('\n') + 1); // a killed process may leave half of a line
        List<Entry> entries = new ArrayList<>();
        for (String line : whole.lines().toList()) {
            Entry entry = Json.parse(file + ": line " + (entries.size() + 1), line, Entry.class);
            if (!entry.protocol.equals(protocol)) {
                throw new IllegalArgumentException(file + " was begun with other settings: expected " + protocol
                        + ", found " + entry.protocol + "; give the same settings or another directory for --runs");
            }
            entries.add(entry);
        }
        return new PredictionLog(file, protocol, entries, whole.length() < text.length());
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
        if (halfLine) {
            String text = Files.readString(file);
            Files.writeString(file, text.substring(0, text.lastIndexOf('\n') + 1));
            halfLine = false;
        }
        entries.add(entry);
        try (OutputStream out = new FileOutputStream(file.toFile(), true)) {
            out.write((Json.line(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
