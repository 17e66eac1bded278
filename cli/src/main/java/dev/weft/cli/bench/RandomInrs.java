package dev.weft.cli.bench;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooRow;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Networks of random values, which take as long to read and to learn from as fitted ones whose weights are standardised.
 *
 * @param architecture of all networks
 * @param count how many there are
 * @param seed of their values
 */
record RandomInrs(Architecture architecture, int count, Seed seed) {

    static final List<String> CLASSES = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    private static final Split[] SPLITS = {
        Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.TRAIN, Split.VAL, Split.TEST
    };

    /** Returns the values of one network, [P], normal with mean 0 and deviation 1. */
    float[] row(int index) {
        RandomGenerator random = seed.split(index).random();
        float[] row = new float[Math.toIntExact(architecture.parameterCount())];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }

    /** Returns all networks, [count][P]. */
    float[][] rows() {
        return IntStream.range(0, count).mapToObj(this::row).toArray(float[][]::new);
    }

    /** Returns a class for each network, in turns. */
    int[] labels() {
        return IntStream.range(0, count).map(RandomInrs::label).toArray();
    }

    private static int label(int index) {
        return index % CLASSES.size();
    }

    /** Writes them as a zoo. */
    void writeZoo(Path folder) throws IOException {
        ZooHeader header = new ZooHeader(
                "bench", architecture, List.of(), CLASSES, Map.of(), count, ZooHeader.ROWS_PER_PART_DEFAULT);
        ZooWriter writer = ZooWriter.create(folder, header);
        int first = 0;
        for (int part = 0; part < header.parts(); part++) {
            int end = first + header.part(part).rows();
            writer.write(
                    part, IntStream.range(first, end).mapToObj(this::zooRow).toList());
            first = end;
        }
        writer.finish();
    }

    private ZooRow zooRow(int index) {
        String id = "random-" + index;
        Split split = SPLITS[index % SPLITS.length];
        return new ZooRow(id, id, 0, split, label(index), id, index, new double[0], row(index));
    }
}
