package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.network.Seed;
import java.util.Random;

/** Small NiNos with random weights, and random states. */
final class RandomNino {

    static final int WIDTH = 16;
    static final int HORIZONS = 3;

    private RandomNino() {}

    /** Returns weights, large enough for messages to matter. */
    static SafetensorsWriter weights(int features) {
        return weights(features, HORIZONS);
    }

    static SafetensorsWriter weights(int features, int horizons) {
        PlainNino net = new PlainNino(WIDTH, features, horizons, new Seed(1));
        SafetensorsWriter writer = new SafetensorsWriter();
        Random random = new Random(2);
        try (NDManager manager = NDManager.newBaseManager()) {
            net.initialize(manager, DataType.FLOAT32);
            net.namedParameters().forEach((name, parameter) -> {
                Shape shape = parameter.getArray().getShape();
                writer.add(name, shape.getShape(), normal(random, (int) shape.size(), 0.3));
            });
        }
        return writer;
    }

    static float[] normal(Random random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    /** Returns five states of a random walk. */
    static float[][] rows(RowLayout layout) {
        Random random = new Random(3);
        float[][] rows = new float[Trajectory.STATES][];
        rows[0] = normal(random, (int) layout.size(), 0.1);
        for (int t = 1; t < rows.length; t++) {
            rows[t] = normal(random, (int) layout.size(), 0.01);
            for (int i = 0; i < rows[t].length; i++) {
                rows[t][i] += rows[t - 1][i];
            }
        }
        return rows;
    }
}
