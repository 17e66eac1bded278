package dev.weft.cli.nowcast;

import dev.weft.checkpoints.format.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** A forecasting network WNN+ of width 4 with 40 horizons, and checkpoints 3-2-1 of a network in training. */
public final class SmallWnn {

    private static final int WIDTH = 4;

    private SmallWnn() {}

    public static Path weights(Path folder) throws IOException {
        Random random = new Random(1);
        SafetensorsWriter writer = new SafetensorsWriter();
        add(writer, random, "layer_embed.weight", 15, WIDTH);
        add(writer, random, "edge_proj.fc.0.weight", WIDTH, 5);
        add(writer, random, "edge_proj.fc.0.bias", WIDTH);
        for (int i = 0; i < 6; i += 2) {
            add(writer, random, "edge_mlp.fc." + i + ".weight", WIDTH, WIDTH);
            add(writer, random, "edge_mlp.fc." + i + ".bias", WIDTH);
        }
        add(writer, random, "edge_mlp.fc.6.weight", 40, WIDTH);
        add(writer, random, "edge_mlp.fc.6.bias", 40);
        Path file = folder.resolve("wnn.safetensors");
        writer.write(file);
        return file;
    }

    private static void add(SafetensorsWriter writer, Random random, String name, long... shape) {
        int count = 1;
        for (long size : shape) {
            count *= (int) size;
        }
        writer.add(name, shape, values(random, count));
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /** Returns the state of a step. */
    static SafetensorsWriter state(int step) {
        Random random = new Random(step);
        return new SafetensorsWriter()
                .add("fc1.weight", List.of(2L, 3L), values(random, 6))
                .add("fc1.bias", List.of(2L), values(random, 2))
                .add("fc2.weight", List.of(1L, 2L), values(random, 2))
                .add("fc2.bias", List.of(1L), values(random, 1))
                .add("step", new long[] {1}, new long[] {step});
    }

    static Path checkpoint(Path folder, int step) throws IOException {
        Path file = folder.resolve(String.format("step-%06d.safetensors", step));
        state(step).write(file);
        return file;
    }
}
