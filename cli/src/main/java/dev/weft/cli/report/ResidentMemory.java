package dev.weft.cli.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;

/** Physical memory of this process in MiB, heap, native memory and mapped files together, as Linux tells it. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String NOW = "VmRSS:";
    private static final String PEAK = "VmHWM:";
    private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

    private ResidentMemory() {}

    /** Returns what is in use now, or nothing where the system does not tell. */
    public static OptionalDouble now() throws IOException {
        return find(NOW, status());
    }

    /** Returns the most that was ever in use, or nothing where the system does not tell. */
    public static OptionalDouble peak() throws IOException {
        return find(PEAK, status());
    }

    /** Finds the peak among lines such as {@code VmHWM:   123456 kB}. */
    public static OptionalDouble peak(List<String> status) {
        return find(PEAK, status);
    }

    private static List<String> status() throws IOException {
        return Files.isReadable(STATUS) ? Files.readAllLines(STATUS) : List.of();
    }

    private static OptionalDouble find(String key, List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip().split(" ")[0])
                .mapToDouble(kibibytes -> Long.parseLong(kibibytes) / KIBIBYTES_PER_MEBIBYTE)
                .findFirst();
    }
}
