package dev.weft.cli.model;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooRow;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** 120 SIRENs 2-4-1 of three classes, whose parameters are about -1, 0 or 1. Every sixth is for validation and test. */
public final class LabelledZoo {

    static final Architecture SIREN = Siren.of(List.of(2, 4, 1), 30, 0.5);

    private static final int ROWS = 120;

    private LabelledZoo() {}

    /** Writes the finished zoo. */
    public static Path write(Path folder, Seed seed) throws IOException {
        ZooHeader header = new ZooHeader(
                "signs", SIREN, List.of("psnr", "steps"), List.of("low", "middle", "high"), Map.of(), ROWS, ROWS);
        ZooWriter writer = ZooWriter.create(folder, header);
        List<ZooRow> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(row(i, seed.split(i)));
        }
        writer.write(0, rows);
        writer.finish();
        return folder;
    }

    /** Returns parameters of a class. */
    static float[] parameters(int label, Seed seed) {
        RandomGenerator random = seed.random();
        float[] values = new float[17];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) (0.3 * random.nextGaussian() + label - 1);
        }
        return values;
    }

    private static ZooRow row(int i, Seed seed) {
        Split split = i % 6 == 4 ? Split.VAL : i % 6 == 5 ? Split.TEST : Split.TRAIN;
        int label = i / 6 % 3;
        return new ZooRow(
                "signs/" + i,
                "run-" + i,
                100,
                split,
                label,
                "signs/" + i,
                seed.value(),
                new double[] {20 + i, 100},
                parameters(label, seed));
    }
}
