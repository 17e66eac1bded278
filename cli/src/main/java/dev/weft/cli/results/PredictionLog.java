package dev.weft.cli.results;

import dev.weft.cli.report.JsonLines;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * {@code networks.jsonl} in the folder of a source of parameters: a hypernetwork's run, or that of a split from drawn starts.
 * One line for each network that was judged. Each folder has its own, so that several processes can work on one experiment.
 */
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
     * @param seconds of the processor that the prediction took, in the thread that predicts
     * @param diverged whether a loss came out that is not finite; from there on the network counts as guessing
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
            boolean diverged,
            List<Point> points)
            implements JsonLines.OfProtocol {}

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
    record Point(int steps, double accuracy, double loss) {

        /** Returns what counts for a network whose loss is not finite: that of naming a class at random. */
        static Point guessing(int steps, int classes) {
            return new Point(steps, 1.0 / classes, Math.log(classes));
        }
    }

    private PredictionLog(Path file, String protocol, List<Entry> entries) {
        this.file = file;
        this.protocol = protocol;
        this.entries = entries;
    }

    /**
     * Reads what is there; nothing is written before the first new line.
     *
     * @param folder of the source
     * @throws IllegalArgumentException if the lines were made by another protocol
     */
    static PredictionLog open(Path folder, String protocol) throws IOException {
        Path file = folder.resolve(FILE);
        List<Entry> entries = JsonLines.read(file, Entry.class, entry -> protocol, "another directory for --runs");
        return new PredictionLog(file, protocol, entries);
    }

    /**
     * Returns what all sources of an experiment have come to so far.
     *
     * @param runs the folder above theirs
     */
    static List<Entry> all(Path runs, String protocol) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(runs, Files::isDirectory)) {
            for (Path folder : sorted(folders)) {
                entries.addAll(open(folder, protocol).entries);
            }
        }
        return entries;
    }

    private static List<Path> sorted(Iterable<Path> folders) {
        List<Path> sorted = new ArrayList<>();
        folders.forEach(sorted::add);
        Collections.sort(sorted);
        return sorted;
    }

    String protocol() {
        return protocol;
    }

    /** Whether a network is noted. */
    boolean has(Kind kind, String network) {
        return entries.stream().anyMatch(entry -> entry.kind == kind && entry.network.equals(network));
    }

    void append(Entry entry) throws IOException {
        entries.add(entry);
        JsonLines.append(file, entry);
    }
}
