package dev.weft.network;

/**
 * Recurrent layers over a sequence [length, in], output [length, size], tensors as in PyTorch: {@code weight_ih_l0} [g size,
 * in], {@code weight_hh_l0} [g size, size], {@code bias_ih_l0}, {@code bias_hh_l0} [g size], then those of layer 1. A second
 * input [size], if there is one, is the first layer's state at the start, zero otherwise.
 *
 * <p>State and output are one block of neurons for each layer, read and written at every step.
 */
public sealed interface Recurrence extends Layer {

    /** The widest state, so that four gates side by side can be counted. */
    int MAX_SIZE = Integer.MAX_VALUE / 4;

    int in();

    int size();

    int layers();

    boolean bias();

    /** Returns g, the number of gates, which stand side by side in the weights' rows. */
    int gates();

    /** h' = f(W x + b + V h + c) with f = tanh or ReLU (Elman). */
    record Rnn(int in, int size, int layers, boolean bias, boolean relu) implements Recurrence {
        public Rnn {
            check("rnn", in, size, layers);
        }

        @Override
        public int gates() {
            return 1;
        }
    }

    /** Gates r, z, n: h' = (1 - z) tanh(n_x + r n_h) + z h (Cho et al. 2014). */
    record Gru(int in, int size, int layers, boolean bias) implements Recurrence {
        public Gru {
            check("gru", in, size, layers);
        }

        @Override
        public int gates() {
            return 3;
        }
    }

    /** Gates i, f, g, o: c' = f c + i g, h' = o tanh(c') (Hochreiter and Schmidhuber 1997). */
    record Lstm(int in, int size, int layers, boolean bias) implements Recurrence {
        public Lstm {
            check("lstm", in, size, layers);
        }

        @Override
        public int gates() {
            return 4;
        }
    }

    private static void check(String layer, int in, int size, int layers) {
        Checks.positive(layer, "in", in);
        Checks.positive(layer, "size", size);
        Checks.positive(layer, "layers", layers);
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException(layer + ": size must be at most " + MAX_SIZE + ", got " + size);
        }
    }
}
