package dev.weft.metanets.task;

import ai.djl.ndarray.types.Shape;
import dev.weft.metanets.model.FlatMlp;
import dev.weft.metanets.model.MetanetConfig;
import dev.weft.metanets.model.Normalization;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.testing.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * Random SIRENs 2-4-1 whose class is the sign of their output at the origin, w2 sin(w0 b1) + b2; and quick runs on them.
 */
final class TinyRuns {

    static final Architecture SIREN = Siren.of(List.of(2, 4, 1), 2, 0);
    static final int ROWS = 320;
    static final int[] TRAINING = IntStream.range(0, 240).toArray();
    static final int[] VALIDATION = IntStream.range(240, ROWS).toArray();

    /** Small, with dropout, so that a run depends on every source of randomness. */
    static final MetanetConfig MLP = new FlatMlp.Config(8, 1, 0.2);

    private static final double[][] VALUES = Rows.random(SIREN, ROWS, 0.7, new Seed(3));

    private TinyRuns() {}

    static InrClassification task() {
        int[] labels = IntStream.range(0, ROWS)
                .map(row -> outputAtOrigin(VALUES[row]) > 0 ? 1 : 0)
                .toArray();
        return new InrClassification(labels, List.of("negative", "positive"));
    }

    /** A row has w1 [4, 2], b1 [4], w2 [1, 4], b2 [1]. */
    private static double outputAtOrigin(double... row) {
        double output = row[16];
        for (int k = 0; k < 4; k++) {
            output += row[12 + k] * Math.sin(2 * row[8 + k]);
        }
        return output;
    }

    static RowSource rows() {
        return (manager, rows, seed) -> {
            float[] flat = new float[rows.length * 17];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = (float) VALUES[rows[i / 17]][i % 17];
            }
            return manager.create(flat, new Shape(rows.length, 17));
        };
    }

    /** Rows with noise from the micro-batch' seed. */
    static RowSource noisyRows() {
        return (manager, rows, seed) -> {
            double[][] noise = Rows.random(SIREN, rows.length, 0.05, seed);
            float[] flat = new float[rows.length * 17];
            for (int i = 0; i < flat.length; i++) {
                flat[i] = (float) (VALUES[rows[i / 17]][i % 17] + noise[i / 17][i % 17]);
            }
            return manager.create(flat, new Shape(rows.length, 17));
        };
    }

    static TrainingConfig training(int epochs, int batchSize, int microBatchSize) {
        return new TrainingConfig(
                epochs, batchSize, microBatchSize, 3e-3, 1e-4, true, 5, TrainingConfig.Schedule.CONSTANT, 10, 0);
    }

    static RunConfig config(MetanetConfig model, TrainingConfig training, long seed) {
        InrClassification task = task();
        return new RunConfig(
                RunConfig.FORMAT,
                RunConfig.VERSION,
                task.name(),
                task.outputNames(),
                model,
                RunDirectory.json(SIREN),
                Normalization.none(SIREN),
                training,
                RunDirectory.json(new NoSettings()),
                new Provenance("test", "", "tiny", "0", seed, "17", "any"));
    }

    /** A record without components. */
    record NoSettings() {}

    static Trainer trainer(RunDirectory run, Task task) {
        return new Trainer(run, task, noisyRows(), rows(), TRAINING, VALIDATION);
    }

    /** Trains a fresh run to its end. */
    static Trainer.Outcome train(Path folder, RunConfig config) throws IOException {
        return trainer(RunDirectory.create(folder, config), task()).train(new Silent(), () -> false);
    }

    /** Hears and says nothing. */
    static class Silent implements Trainer.Listener {
        @Override
        public void advanced(int epoch, int rowsDone, int rows) {}

        @Override
        public void epochDone(Trainer.Epoch epoch) {}
    }

    /** Interrupts at the question number {@code questions}, counted from 1. */
    static BooleanSupplier interruptionAt(int questions) {
        int[] left = {questions};
        return () -> --left[0] == 0;
    }
}
