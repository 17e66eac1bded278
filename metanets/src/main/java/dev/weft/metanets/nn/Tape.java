package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.training.GradientCollector;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What a forward pass leaves for the backward pass to do by hand. DJL has no way to give an operation a gradient of one's
 * own, so the engine's graph is cut there: what such an operation returns is a leaf of the graph, and a step on the tape
 * takes the leaf's gradient further once the engine has found it.
 */
public final class Tape {

    private final Deque<Consumer<GradientCollector>> steps = new ArrayDeque<>();

    /** Adds a step that runs behind the engine's backward pass, before all steps that were added earlier. */
    public void add(Consumer<GradientCollector> step) {
        steps.push(step);
    }

    /** Returns x as a leaf: gradients end there, and can be asked for. */
    public static NDArray leaf(NDArray x) {
        NDArray leaf = x.stopGradient();
        leaf.setRequiresGradient(true);
        return leaf;
    }

    /** Returns what to differentiate so that x gets the gradient {@code g} of its own shape. */
    public static NDArray pull(NDArray x, NDArray g) {
        return x.mul(g).sum();
    }

    void backward(GradientCollector collector, NDArray loss) {
        collector.backward(loss);
        while (!steps.isEmpty()) {
            steps.pop().accept(collector);
        }
    }
}
