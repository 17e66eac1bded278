package dev.weft.checkpoints;

import dev.weft.network.Architecture;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Zoos of SIRENs 2-3-1 (13 parameters) whose rows follow from their numbers alone. */
final class SmallZoo {

    static final Architecture SIREN = Siren.of(List.of(2, 3, 1), 30, 0.5);

    private SmallZoo() {}

    /** Returns a header with two metrics and two classes. */
    static ZooHeader header(int rows, int rowsPerPart) {
        return new ZooHeader(
                "small",
                SIREN,
                List.of("psnr", "loss"),
                List.of("zero", "öne"),
                Map.of("seed", "7", "recipe", "none"),
                rows,
                rowsPerPart);
    }

    /** Returns row {@code i}: two checkpoints a run, runs 0, 3, 6.. for validation. */
    static ZooRow row(int i, Architecture architecture) {
        float[] parameters = new float[(int) architecture.parameterCount()];
        for (int p = 0; p < parameters.length; p++) {
            parameters[p] = ((31 * i + 17 * p) % 101 - 50) / 64f;
        }
        int run = i / 2;
        return new ZooRow(
                "row-" + i,
                "run-" + run,
                100L * (i % 2),
                run % 3 == 0 ? Split.VAL : Split.TRAIN,
                i % 3 - 1,
                "images/ü#" + i,
                Long.MIN_VALUE + i,
                new double[] {30 + i, 1.0 / (i + 1)},
                parameters);
    }

    static List<ZooRow> part(ZooHeader header, int part) {
        int first = 0;
        for (int p = 0; p < part; p++) {
            first += header.part(p).rows();
        }
        List<ZooRow> rows = new ArrayList<>();
        for (int i = 0; i < header.part(part).rows(); i++) {
            rows.add(row(first + i, header.part(part).architecture()));
        }
        return rows;
    }

    /** Writes what is missing and finishes. */
    static void complete(ZooWriter writer, ZooHeader header) throws IOException {
        for (int p = 0; p < writer.parts(); p++) {
            if (!writer.isWritten(p)) {
                writer.write(p, part(header, p));
            }
        }
        writer.finish();
    }

    /** Writes a whole zoo. */
    static ZooHeader write(Path folder, int rows, int rowsPerPart) throws IOException {
        ZooHeader header = header(rows, rowsPerPart);
        complete(ZooWriter.create(folder, header), header);
        return header;
    }
}
