package dev.weft.cli.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.nowcast.PlainNino;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The forecasting network in its released size, and states to forecast from. */
final class ReleasedNino {

    private static final int WIDTH = 128;
    private static final int FEATURES = 9;
    private static final int HORIZONS = 40;
    private static final double DEVIATION = 0.1;

    private ReleasedNino() {}

    /** Returns the weights that the user gave, or random ones, which cost the same. */
    static Path weights(BenchContext context, NDManager manager, Path folder) throws IOException {
        @Nullable Path given = context.ninoWeights();
        if (given != null) {
            return given;
        }
        Path file = folder.resolve("nino.safetensors");
        write(manager, context.seed().split("weights"), file);
        return file;
    }

    private static void write(NDManager manager, Seed seed, Path file) throws IOException {
        PlainNino shapes = new PlainNino(WIDTH, FEATURES, HORIZONS, seed);
        RandomGenerator random = seed.random();
        SafetensorsWriter writer = new SafetensorsWriter();
        try (NDManager sub = manager.newSubManager()) {
            shapes.initialize(sub, DataType.FLOAT32);
            shapes.namedParameters().forEach((name, parameter) -> {
                Shape shape = parameter.getArray().getShape();
                float[] values = new float[(int) shape.size()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (DEVIATION * random.nextGaussian());
                }
                writer.add(name, shape.getShape(), values);
            });
        }
        writer.write(file);
    }

    /** Returns a random walk [5, P]. */
    static float[][] states(RowLayout layout, Seed seed) {
        RandomGenerator random = seed.random();
        float[][] rows = new float[Trajectory.STATES][(int) layout.size()];
        for (int i = 0; i < rows[0].length; i++) {
            double value = 0.02 * random.nextGaussian();
            for (float[] row : rows) {
                value += 0.002 * random.nextGaussian();
                row[i] = (float) value;
            }
        }
        return rows;
    }
}
