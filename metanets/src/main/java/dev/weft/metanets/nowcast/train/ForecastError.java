package dev.weft.metanets.nowcast.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nowcast.BlockEdges;
import dev.weft.metanets.nowcast.Nino;
import dev.weft.metanets.nowcast.PlainForecaster;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.network.run.Constants;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The absolute error of forecasts, scaled, of all edges, values and horizons that the mask counts.
 */
final class ForecastError {

    private final PlainForecaster model;
    private final NDManager manager;
    private final Map<EdgeValues, BlockEdges> graphs = new LinkedHashMap<>();

    /** @param manager owner of what is kept from batch to batch; sub-managers of it hold the rest */
    ForecastError(PlainForecaster model, NDManager manager) {
        this.model = model;
        this.manager = manager;
    }

    /**
     * Adds the gradients of the sum of a batch's errors times {@code weight}.
     *
     * @return the sum times the weight
     */
    double accumulate(WindowBatch batch, double weight) {
        BlockEdges edges = edges(batch);
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray loss;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                NDArray sum = sum(sub, batch, edges, true);
                loss = sum.mul(Constants.of(sum, weight));
                collector.backward(loss);
            }
            return loss.getFloat();
        }
    }

    /** Returns the sum of a batch's errors. */
    double sum(WindowBatch batch) {
        BlockEdges edges = edges(batch);
        try (NDManager sub = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return sum(sub, batch, edges, false).getFloat();
        }
    }

    private NDArray sum(NDManager sub, WindowBatch batch, BlockEdges edges, boolean training) {
        long b = batch.windows();
        long e = batch.values().edges();
        int features = batch.values().features();
        NDArray inputs = sub.create(batch.inputs(), new Shape(b, e, (long) features * Trajectory.STATES));
        Shape outputs = new Shape(b, e, (long) features * batch.horizons());
        NDArray displacements = sub.create(batch.displacements(), outputs);
        NDArray mask = sub.create(batch.mask(), outputs);
        NDArray encoding = sub.create(
                batch.encodings(), new Shape(b, batch.values().graph().nodes(), Nino.ENCODING));
        ForwardPass pass = new ForwardPass(new ParameterStore(sub, false), sub.getDevice(), training);
        return model.forward(pass, edges, inputs, encoding)
                .sub(displacements)
                .mul(mask)
                .abs()
                .sum();
    }

    /** Call it outside of scopes, which would free the arrays. */
    private BlockEdges edges(WindowBatch batch) {
        return graphs.computeIfAbsent(batch.values(), values -> new BlockEdges(manager, values.graph()));
    }
}
