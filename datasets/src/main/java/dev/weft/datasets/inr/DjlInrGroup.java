package dev.weft.datasets.inr;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.weft.datasets.inr.InrFitter.Fit;
import dev.weft.network.run.FunctionalNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/** The networks of {@link DjlInrFitter} that are fitted together; n shrinks as they finish. */
final class DjlInrGroup {

    /** Steps between two looks at the losses. */
    private static final int LOOK_EVERY = 25;

    private final InrRecipe recipe;
    private final FunctionalNetwork network;
    private final double enough;
    private final NDManager scope;
    private final NDArray points;

    private int[] members;
    /** Parameters [n, P], the leaf. */
    private NDArray rows;
    /** Pixels [n, pixels, channels]. */
    private NDArray targets;
    /** Adam's moments [n, P]. */
    private NDArray mean;

    private NDArray square;
    /** Updates so far [n]. */
    private NDArray steps;

    DjlInrGroup(
            NDManager scope,
            InrRecipe recipe,
            FunctionalNetwork network,
            NDArray points,
            NDArray rows,
            NDArray targets,
            int[] members) {
        this.scope = scope;
        this.recipe = recipe;
        this.network = network;
        this.points = points;
        this.rows = rows;
        this.targets = targets;
        this.members = members;
        this.enough = recipe.range().meanSquaredError(recipe.stopPsnr());
        this.mean = rows.zerosLike();
        this.square = rows.zerosLike();
        this.steps = scope.zeros(new Shape(members.length));
    }

    /** Fits all members and puts each result at its number. */
    void run(Fit[] fits) {
        for (int step = 1; step <= recipe.steps() && members.length > 0; step++) {
            step(step);
            if (step % LOOK_EVERY == 0) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("fitting was interrupted");
                }
                retire(fits, enough);
            }
        }
        retire(fits, Double.POSITIVE_INFINITY);
    }

    /** One update of every network whose loss is not low enough; a frozen network's loss stays what it is. */
    private void step(int step) {
        rows.setRequiresGradient(true);
        try (NDManager temporary = scope.newSubManager()) {
            for (NDArray array : List.of(rows, targets, points, mean, square, steps)) {
                array.tempAttach(temporary);
            }
            NDArray losses;
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                losses = losses();
                collector.backward(losses.sum());
            }
            NDArray gradient = rows.getGradient();
            NDArray active = losses.gt((float) enough).toType(DataType.FLOAT32, false);
            steps.addi(active);
            adam(gradient, active.expandDims(1), step);
            gradient.subi(gradient); // the engine adds to it
        }
    }

    /** Returns each network's mean squared error [n]. */
    private NDArray losses() {
        NDArray difference = network.forward(rows, points).sub(targets);
        return difference.square().reshape(members.length, -1).mean(new int[] {1});
    }

    private void adam(NDArray gradient, NDArray active, int step) {
        mean.muli(InrRecipe.BETA1).addi(gradient.mul(1 - InrRecipe.BETA1));
        square.muli(InrRecipe.BETA2).addi(gradient.square().muli(1 - InrRecipe.BETA2));
        double rate = recipe.learningRate() / (1 - Math.pow(InrRecipe.BETA1, step));
        double scale = 1 / Math.sqrt(1 - Math.pow(InrRecipe.BETA2, step));
        NDArray denominator = square.sqrt().muli(scale).addi(InrRecipe.EPSILON);
        rows.subi(mean.div(denominator).muli(active.mul(rate)));
    }

    /** Takes out the networks whose loss is at most {@code limit}. */
    private void retire(Fit[] fits, double limit) {
        if (members.length == 0) {
            return;
        }
        try (NDManager temporary = scope.newSubManager()) {
            for (NDArray array : List.of(rows, targets, points, steps)) {
                array.tempAttach(temporary);
            }
            float[] losses = losses().toFloatArray();
            float[] updates = steps.toFloatArray();
            List<Integer> kept = new ArrayList<>();
            for (int k = 0; k < members.length; k++) {
                requireFinite(losses[k]);
                if (losses[k] <= (float) limit) {
                    float[] row = rows.get(k).toFloatArray();
                    fits[members[k]] = new Fit(row, recipe.range().psnr(losses[k]), (int) updates[k]);
                } else {
                    kept.add(k);
                }
            }
            keep(temporary, kept);
        }
    }

    private void requireFinite(float loss) {
        if (!Float.isFinite(loss)) {
            throw new IllegalStateException(
                    "a fit diverged with the learning rate " + recipe.learningRate() + " of recipe " + recipe.name());
        }
    }

    private void keep(NDManager temporary, List<Integer> kept) {
        if (kept.size() == members.length) {
            return;
        }
        int[] positions = kept.stream().mapToInt(Integer::intValue).toArray();
        members = Arrays.stream(positions).map(k -> members[k]).toArray();
        if (positions.length > 0) {
            NDArray index = temporary.create(positions).toType(DataType.INT64, false);
            rows = select(rows, index);
            targets = select(targets, index);
            mean = select(mean, index);
            square = select(square, index);
            steps = select(steps, index);
        }
    }

    /** Returns some rows in an array that lives as long as the group. */
    private NDArray select(NDArray array, NDArray index) {
        NDArray selected = array.get(index);
        selected.attach(scope);
        return selected;
    }
}
