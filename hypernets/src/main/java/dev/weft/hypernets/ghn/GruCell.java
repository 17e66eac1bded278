package dev.weft.hypernets.ghn;

/** The gated recurrent unit as PyTorch writes it (gates reset, update, candidate), with its gradients. */
record GruCell(int size, DenseMap ofInput, DenseMap ofState) {

    private static final int GATES = 3;

    /** One step with what its gradient needs. */
    record Step(
            double[] input, double[] state, double[] reset, double[] update, double[] candidate, double[] fromState) {

        /** Returns the new state. */
        double[] next() {
            double[] next = new double[state.length];
            for (int i = 0; i < next.length; i++) {
                next[i] = (1 - update[i]) * candidate[i] + update[i] * state[i];
            }
            return next;
        }
    }

    Step step(double[] input, double[] state) {
        double[] a = ofInput.apply(input);
        double[] b = ofState.apply(state);
        double[] reset = new double[size];
        double[] update = new double[size];
        double[] candidate = new double[size];
        double[] fromState = new double[size];
        for (int i = 0; i < size; i++) {
            reset[i] = sigmoid(a[i] + b[i]);
            update[i] = sigmoid(a[size + i] + b[size + i]);
            fromState[i] = b[2 * size + i];
            candidate[i] = Math.tanh(a[2 * size + i] + reset[i] * fromState[i]);
        }
        return new Step(input, state, reset, update, candidate, fromState);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Adds to the gradients of input, state and maps. */
    void back(double[] ofNext, Step step, double[] ofStepInput, double[] ofStepState) {
        double[] a = new double[GATES * size];
        double[] b = new double[GATES * size];
        for (int i = 0; i < size; i++) {
            double update = step.update[i];
            double candidate = step.candidate[i];
            double reset = step.reset[i];
            double ofCandidate = ofNext[i] * (1 - update) * (1 - candidate * candidate);
            double ofReset = ofCandidate * step.fromState[i] * reset * (1 - reset);
            double ofUpdate = ofNext[i] * (step.state[i] - candidate) * update * (1 - update);
            a[i] = ofReset;
            a[size + i] = ofUpdate;
            a[2 * size + i] = ofCandidate;
            b[i] = ofReset;
            b[size + i] = ofUpdate;
            b[2 * size + i] = ofCandidate * reset;
            ofStepState[i] += ofNext[i] * update;
        }
        ofInput.back(a, step.input, ofStepInput);
        ofState.back(b, step.state, ofStepState);
    }
}
