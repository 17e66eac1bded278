package dev.weft.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** Physical memory of a process in MiB, heap, native memory and mapped files together, as Linux tells it. */
public final class ResidentMemory {

    private static final String SELF = "self";
    private static final String NOW = "VmRSS:";
    private static final String PEAK = "VmHWM:";
    private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

    private ResidentMemory() {}

    /** Returns what this process uses now, or nothing where the system does not tell. */
    public static OptionalDouble now() throws IOException {
        return find(NOW, status(SELF));
    }

    /** Returns what another process uses now, or nothing if there is no such process or the system does not tell. */
    public static OptionalDouble now(long process) throws IOException {
        return find(NOW, status(String.valueOf(process)));
    }

    /** Returns the most that this process ever used, or nothing where the system does not tell. */
    public static OptionalDouble peak() throws IOException {
        return find(PEAK, status(SELF));
    }

    /** Finds the peak among lines such as {@code VmHWM:   123456 kB}. */
    public static OptionalDouble peak(List<String> status) {
        return find(PEAK, status);
    }

    private static List<String> status(String process) throws IOException {
        Path status = Path.of("/proc", process, "status");
        return Files.isReadable(status) ? Files.readAllLines(status) : List.of();
    }

    private static OptionalDouble find(String key, List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip().split(" ")[0])
                .mapToDouble(kibibytes -> Long.parseLong(kibibytes) / KIBIBYTES_PER_MEBIBYTE)
                .findFirst();
    }
}
