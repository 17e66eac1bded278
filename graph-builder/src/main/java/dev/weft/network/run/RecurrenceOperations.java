package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import dev.weft.network.Recurrence;

/** Recurrent layers, step by step; the products with the inputs of all steps are one. */
final class RecurrenceOperations {

    private RecurrenceOperations() {}

    static void register() {
        Operations.register(Recurrence.Rnn.class, RecurrenceOperations::run);
        Operations.register(Recurrence.Gru.class, RecurrenceOperations::run);
        Operations.register(Recurrence.Lstm.class, RecurrenceOperations::run);
    }

    private static Batch run(Step step, Recurrence layer) {
        NDArray x = step.x();
        Shape shape = x.getShape(); // [n, m, t, in]
        NDArray zero = x.getManager()
                .zeros(new Shape(shape.get(0), shape.get(1), layer.size()), x.getDataType(), x.getDevice());
        for (int l = 0; l < layer.layers(); l++) {
            NDArray start =
                    l == 0 && step.inputs().size() == 2 ? step.inputs().get(1).array() : zero;
            x = layer(step, layer, l, x, start, zero);
        }
        return step.only().with(x);
    }

    private static NDArray layer(Step step, Recurrence layer, int l, NDArray x, NDArray start, NDArray zero) {
        NDArray inputs = LinearOperations.linear(x, step.tensor("weight_ih_l" + l), step.optional("bias_ih_l" + l));
        NDArray recurrent = step.tensor("weight_hh_l" + l).transpose(0, 2, 1);
        NDArray bias = step.optional("bias_hh_l" + l);
        long length = x.getShape().get(2);
        NDList outputs = new NDList();
        NDArray[] state = {start, zero}; // hidden, cell
        for (NDArray input : length == 1 ? new NDList(inputs) : inputs.split(length, 2)) {
            NDArray hidden = LinearOperations.product(state[0], recurrent, bias);
            state = next(layer, input.squeeze(2), hidden, state);
            outputs.add(state[0].expandDims(2));
        }
        return Joined.of(outputs, 2);
    }

    /** Returns the next hidden and cell state; inputs and hidden are [n, m, gates * size]. */
    private static NDArray[] next(Recurrence layer, NDArray input, NDArray hidden, NDArray[] state) {
        if (layer instanceof Recurrence.Rnn rnn) {
            NDArray sum = input.add(hidden);
            return new NDArray[] {rnn.relu() ? Activation.relu(sum) : sum.tanh(), state[1]};
        } else if (layer instanceof Recurrence.Gru) {
            NDList i = input.split(3, 2);
            NDList h = hidden.split(3, 2);
            NDArray reset = Activation.sigmoid(i.get(0).add(h.get(0)));
            NDArray update = Activation.sigmoid(i.get(1).add(h.get(1)));
            NDArray candidate = i.get(2).add(reset.mul(h.get(2))).tanh();
            return new NDArray[] {candidate.add(update.mul(state[0].sub(candidate))), state[1]};
        }
        NDList gates = input.add(hidden).split(4, 2);
        NDArray kept = Activation.sigmoid(gates.get(1)).mul(state[1]);
        NDArray cell =
                kept.add(Activation.sigmoid(gates.get(0)).mul(gates.get(2).tanh()));
        return new NDArray[] {Activation.sigmoid(gates.get(3)).mul(cell.tanh()), cell};
    }
}
