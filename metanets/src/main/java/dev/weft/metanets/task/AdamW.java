package dev.weft.metanets.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.weft.network.train.AdamMoments;
import java.util.Collection;
import java.util.List;

/**
 * AdamW (Loshchilov and Hutter 2019), with AMSGrad as an option, as PyTorch computes it.
 *
 * <p>Unlike DJL's, its moments can be saved and restored, and they are one flat array each, so that a step costs a few
 * calls a parameter and not dozens. Float32, on the parameters' device.
 */
public final class AdamW implements AutoCloseable {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final List<Parameter> parameters;
    private final long[] cuts;
    private final NDManager manager;
    private final double weightDecay;
    private final AdamMoments moments; // [parameters]

    /**
     * @param parent of the moments' memory
     * @param parameters what is updated; those that need no gradient are left out
     * @param weightDecay decoupled from the gradient
     * @param amsgrad whether the largest second moment so far is used
     */
    public AdamW(NDManager parent, Collection<Parameter> parameters, double weightDecay, boolean amsgrad) {
        this.parameters =
                parameters.stream().filter(Parameter::requiresGradient).toList();
        this.manager = parent.newSubManager();
        this.weightDecay = weightDecay;
        this.cuts = new long[this.parameters.size() - 1];
        long size = 0;
        for (int i = 0; i < this.parameters.size(); i++) {
            size += this.parameters.get(i).getArray().size();
            if (i < cuts.length) {
                cuts[i] = size;
            }
        }
        moments = new AdamMoments(manager, new Shape(size), BETA1, BETA2, EPSILON, amsgrad);
    }

    /** Returns the moments, to be saved and to be {@link #restore restored}. */
    public List<NDArray> moments() {
        return moments.arrays();
    }

    /** Returns the number of steps so far. */
    public long step() {
        return moments.steps();
    }

    /** Puts saved moments back. */
    public void restore(long steps, List<float[]> saved) {
        moments.restore(steps, saved);
    }

    /**
     * Applies and clears the accumulated gradients.
     *
     * @param learningRate of this step
     * @param clipNorm largest norm of the whole gradient, 0 for no clipping
     * @return the norm before clipping
     */
    public double step(double learningRate, double clipNorm) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray gradient = takeGradient();
            double norm = Math.sqrt(
                    gradient.square().sum().toType(DataType.FLOAT64, false).getDouble());
            if (clipNorm > 0 && norm > clipNorm) {
                gradient.muli(clipNorm / (norm + 1e-6));
            }
            NDList updates = moments.move(gradient, learningRate).split(cuts, 0);
            for (int i = 0; i < updates.size(); i++) {
                NDArray value = parameters.get(i).getArray();
                if (weightDecay > 0) {
                    value.muli(1 - learningRate * weightDecay);
                }
                value.subi(updates.get(i).reshape(value.getShape()));
            }
            return norm;
        }
    }

    private NDArray takeGradient() {
        NDList flat = new NDList(parameters.size());
        for (Parameter parameter : parameters) {
            flat.add(parameter.getArray().getGradient().reshape(-1));
        }
        NDArray gradient = flat.get(0).getNDArrayInternal().concat(flat.subNDList(1), 0);
        for (NDArray part : flat) {
            part.muli(0);
        }
        return gradient;
    }

    @Override
    public void close() {
        manager.close();
    }
}
