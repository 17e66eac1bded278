package dev.weft.checkpoints;

import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The process that {@link ZooKillTest} kills: resumes a zoo and writes what is missing, part by part. */
final class KilledZooWriter {

    /** What the process prints when it is warm and begins. */
    static final String READY = "ready";

    /** 40 parts of 16 rows, each written and synced in a few milliseconds. */
    static final ZooHeader HEADER = new ZooHeader(
            "killed",
            Siren.of(List.of(2, 64, 64, 1), 30, 0),
            List.of("psnr", "loss"),
            List.of(),
            Map.of("seed", "1"),
            40 * 16,
            16);

    private KilledZooWriter() {}

    public static void main(String[] args) throws IOException {
        SmallZoo.write(Path.of(args[1]), 2, 1); // loads classes, so that the kills fall into the writing
        System.out.println(READY);
        write(Path.of(args[0]));
    }

    static void write(Path folder) throws IOException {
        ZooWriter writer = ZooWriter.resume(folder, HEADER);
        for (int part = 0; part < writer.parts(); part++) {
            if (!writer.isWritten(part)) {
                System.out.println("part " + part);
                writer.write(part, rows(part));
            }
        }
        System.out.println("finish");
        writer.finish();
    }

    private static List<ZooRow> rows(int part) {
        return IntStream.range(16 * part, 16 * part + 16)
                .mapToObj(i -> SmallZoo.row(i, HEADER.architecture()))
                .toList();
    }
}
