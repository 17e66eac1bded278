package dev.weft.metanets.nn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What every layer needs to know of the pass it takes part in. */
public final class ForwardPass {

    private final ParameterStore store;
    private final Device device;
    private final boolean training;
    private final @Nullable Tape tape;

    /**
     * A pass of the engine's operations only, whose outputs can be differentiated in parameters and inputs.
     *
     * @param store where parameter values are looked up
     * @param device the device of the input
     * @param training whether dropout acts
     */
    public ForwardPass(ParameterStore store, Device device, boolean training) {
        this(store, device, training, null);
    }

    private ForwardPass(ParameterStore store, Device device, boolean training, @Nullable Tape tape) {
        this.store = store;
        this.device = device;
        this.training = training;
        this.tape = tape;
    }

    /**
     * Returns a training pass that may use operations with gradients made by hand, which are faster. Gradients reach the
     * parameters, not the inputs, and only through {@link #backward}.
     */
    public static ForwardPass recording(ParameterStore store, Device device) {
        return new ForwardPass(store, device, true, new Tape());
    }

    public boolean training() {
        return training;
    }

    /** Returns the value of a parameter on this pass' device. */
    public NDArray value(Parameter parameter) {
        return store.getValue(parameter, device, training);
    }

    /** Returns the tape, if this is a recording pass on the CPU. */
    public Optional<Tape> tape() {
        return device.isGpu() ? Optional.empty() : Optional.ofNullable(tape);
    }

    /** Adds the gradients of a loss that was computed from this pass' outputs to the parameters' gradients. */
    public void backward(GradientCollector collector, NDArray loss) {
        if (tape == null) {
            collector.backward(loss);
        } else {
            tape.backward(collector, loss);
        }
    }
}
