package dev.weft.cli.bench;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.task.InrClassification;
import dev.weft.network.run.Constants;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Forward, loss and backward over some networks in micro-batches, as the trainer does them, for any form of a model. */
final class TrainingPass {

    private final NDManager manager;
    private final Form form;
    private final float[][] rows;
    private final InrClassification task;

    /** Reads raw rows [b, P]; returns [b, outputs]. */
    @FunctionalInterface
    interface Form {
        NDArray forward(ForwardPass pass, NDArray rows);
    }

    /**
     * @param manager parent of what a pass allocates
     * @param inrs what is learned from
     * @param form of the model
     */
    TrainingPass(NDManager manager, RandomInrs inrs, Form form) {
        this.manager = manager;
        this.form = form;
        this.rows = inrs.rows();
        this.task = new InrClassification(inrs.labels(), RandomInrs.CLASSES);
    }

    /** Passes over all networks, {@code microBatch} at once; adds to the parameters' gradients, returns the mean loss. */
    double loss(int microBatch) {
        double loss = 0;
        for (int begin = 0; begin < rows.length; begin += microBatch) {
            loss += summedLoss(begin, Math.min(rows.length, begin + microBatch));
        }
        return loss / rows.length;
    }

    private double summedLoss(int begin, int end) {
        int[] indices = IntStream.range(begin, end).toArray();
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray loss;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                ForwardPass pass = ForwardPass.recording(new ParameterStore(sub, false), sub.getDevice());
                NDArray outputs = form.forward(pass, sub.create(Arrays.copyOfRange(rows, begin, end)));
                loss = task.loss(outputs, indices);
                pass.backward(collector, loss.div(Constants.of(loss, rows.length)));
            }
            return loss.getFloat();
        }
    }
}
