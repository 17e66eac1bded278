package dev.weft.hypernets.ghn;

/** What a node sends: two dense maps with ReLU behind each. */
record MessageMap(DenseMap first, DenseMap second) {

    /** Both layers' values for one state. */
    record Message(double[] hidden, double[] values) {}

    Message of(double[] state) {
        double[] hidden = first.applyRelu(state);
        return new Message(hidden, second.applyRelu(hidden));
    }

    /** Adds to {@code gradient} that of the state, and to the maps' own. */
    void back(double[] ofValues, Message message, double[] state, double[] gradient) {
        double[] ofHidden = new double[message.hidden.length];
        second.back(masked(ofValues, message.values), message.hidden, ofHidden);
        first.back(masked(ofHidden, message.hidden), state, gradient);
    }

    private static double[] masked(double[] gradient, double[] values) {
        double[] masked = gradient.clone();
        for (int i = 0; i < masked.length; i++) {
            if (values[i] <= 0) {
                masked[i] = 0;
            }
        }
        return masked;
    }
}
