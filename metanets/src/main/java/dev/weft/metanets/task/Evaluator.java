package dev.weft.metanets.task;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.network.Seed;
import java.util.Arrays;

/** Runs a metanet without training it, a micro-batch at a time. */
public final class Evaluator {

    private final Metanet model;
    private final NDManager manager;
    private final int microBatchSize;

    /**
     * @param manager whose device the model is on; sub-managers of it hold the batches
     * @param microBatchSize rows at once
     */
    public Evaluator(Metanet model, NDManager manager, int microBatchSize) {
        this.model = model;
        this.manager = manager;
        this.microBatchSize = microBatchSize;
    }

    /** Returns the outputs for rows of a source, one array of {@link Metanet#outputs()} values each. */
    public float[][] outputs(RowSource source, int[] rows) {
        float[][] outputs = new float[rows.length][];
        for (int begin = 0; begin < rows.length; begin += microBatchSize) {
            int[] part = Arrays.copyOfRange(rows, begin, Math.min(rows.length, begin + microBatchSize));
            try (NDManager sub = manager.newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                Device device = sub.getDevice();
                ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), device, false);
                NDArray values = model.forward(pass, source.rows(sub, part, new Seed(0)));
                float[] flat = values.toFloatArray();
                for (int i = 0; i < part.length; i++) {
                    outputs[begin + i] = Arrays.copyOfRange(flat, i * model.outputs(), (i + 1) * model.outputs());
                }
            }
        }
        return outputs;
    }
}
