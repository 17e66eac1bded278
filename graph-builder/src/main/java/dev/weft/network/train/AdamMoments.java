package dev.weft.network.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * Adam's moments of the gradients so far (Kingma and Ba 2015), with AMSGrad as an option, and the step that follows from
 * them with epsilon where PyTorch has it. Float32, on the manager's device.
 *
 * <p>Shapes: gradients and moments are alike, [n, P] for rows or [P] for the parameters of one network.
 */
public final class AdamMoments {

    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final boolean amsgrad;
    private final NDArray mean;
    private final NDArray square;
    private final NDArray largest; // of square, empty without AMSGrad
    private long steps;

    /**
     * @param manager owner of the moments
     * @param shape of the gradients
     */
    public AdamMoments(NDManager manager, Shape shape, double beta1, double beta2, double epsilon, boolean amsgrad) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.amsgrad = amsgrad;
        this.mean = manager.zeros(shape);
        this.square = manager.zeros(shape);
        this.largest = manager.zeros(amsgrad ? shape : new Shape(0));
    }

    /** Takes a gradient in; returns what is to be subtracted from the parameters, owned by the manager or an open scope. */
    public NDArray move(NDArray gradient, double learningRate) {
        steps++;
        mean.muli(beta1).addi(gradient.mul(1 - beta1));
        square.muli(beta2).addi(gradient.square().muli(1 - beta2));
        NDArray second = square;
        if (amsgrad) {
            NDArray raised = largest.maximum(square);
            raised.copyTo(largest);
            second = largest;
        }
        double correction1 = 1 - Math.pow(beta1, steps);
        double correction2 = Math.sqrt(1 - Math.pow(beta2, steps));
        NDArray denominator = second.sqrt().divi(correction2).addi(epsilon);
        return mean.div(denominator).muli(learningRate / correction1);
    }

    /** Returns the number of gradients taken in. */
    public long steps() {
        return steps;
    }

    /** Returns the moments, to be saved and to be {@link #restore restored}. */
    public List<NDArray> arrays() {
        return List.of(mean, square, largest);
    }

    /** Goes on where other moments were saved. */
    public void restore(long taken, List<float[]> moments) {
        for (int i = 0; i < moments.size(); i++) {
            arrays().get(i).set(moments.get(i));
        }
        this.steps = taken;
    }
}
