package dev.weft.cli;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooRow;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.network.Architecture;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Five SIRENs 2-3-1 in two parts: all values of number i are i, the last one has no label. */
public final class SmallZoo {

    public static final Architecture SIREN = Siren.of(List.of(2, 3, 1), 30, 0.5);

    private static final Split[] SPLITS = {Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.VAL, Split.TEST};

    private SmallZoo() {}

    /** Writes the finished zoo. */
    public static Path write(Path folder) throws IOException {
        ZooWriter writer = begin(folder);
        writer.write(1, rows(3, 5));
        writer.finish();
        return folder;
    }

    /** Writes the first part. */
    public static ZooWriter begin(Path folder) throws IOException {
        ZooHeader header = new ZooHeader(
                "small", SIREN, List.of("psnr"), List.of("no, \"none\"", "yes"), Map.of("seed", "7"), 5, 3);
        ZooWriter writer = ZooWriter.create(folder, header);
        writer.write(0, rows(0, 3));
        return writer;
    }

    private static List<ZooRow> rows(int from, int to) {
        ZooRow[] rows = new ZooRow[to - from];
        for (int i = from; i < to; i++) {
            float[] values = new float[(int) SIREN.parameterCount()];
            Arrays.fill(values, i);
            int label = i == 4 ? ZooRow.NO_LABEL : i % 2;
            rows[i - from] = new ZooRow(
                    "a/" + i, "run-" + i, 100, SPLITS[i], label, "digits/" + i, i, new double[] {30 + i}, values);
        }
        return List.of(rows);
    }
}
