package dev.weft.cli.zoo;

import dev.weft.cli.report.JsonLines;
import dev.weft.cli.report.Release;
import dev.weft.cli.report.ResidentMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code _fit-log.jsonl} beside a zoo's manifest: what its fitting took, one line a part, appended behind each part that was
 * written. Times and memory differ from run to run, so they are no part of the zoo, whose bytes do not.
 */
public final class FitLog {

    public static final String FILE = "_fit-log.jsonl";

    /** Stands for memory where the system does not tell. */
    static final double UNKNOWN = 0;

    private final Path file;
    private final String command;
    private final double residentBefore;
    private long start = System.nanoTime();

    /**
     * One part.
     *
     * @param part its number
     * @param networks in it
     * @param seconds from the part before, or from the start of the command
     * @param residentBefore physical memory of the process in MiB before the first part; 0 for unknown
     * @param residentPeak the most physical memory of the process so far in MiB; 0 for unknown
     * @param processors that Java may use
     * @param java version of the JVM
     * @param weft release
     * @param command as it was typed
     */
    public record Entry(
            int part,
            int networks,
            double seconds,
            double residentBefore,
            double residentPeak,
            int processors,
            String java,
            String weft,
            String command) {}

    private FitLog(Path file, String command, double residentBefore) {
        this.file = file;
        this.command = command;
        this.residentBefore = residentBefore;
    }

    /** Begins to measure. */
    public static FitLog start(Path zoo, String command) throws IOException {
        return new FitLog(zoo.resolve(FILE), command, ResidentMemory.now().orElse(UNKNOWN));
    }

    /** Appends a line for a part that was just written. */
    void written(int part, int networks) throws IOException {
        long now = System.nanoTime();
        Entry entry = new Entry(
                part,
                networks,
                (now - start) / 1e9,
                residentBefore,
                ResidentMemory.peak().orElse(UNKNOWN),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("java.version"),
                Release.version(),
                command);
        JsonLines.append(file, entry);
        start = now;
    }

    /** Returns the lines of a zoo's log, oldest first; none if it has no log. */
    public static List<Entry> read(Path zoo) throws IOException {
        return JsonLines.read(zoo.resolve(FILE), Entry.class);
    }
}
