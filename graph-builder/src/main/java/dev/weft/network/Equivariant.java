package dev.weft.network;

/** Linear layers whose weights are shared by a group that acts on the positions of a sequence. */
public sealed interface Equivariant extends Layer {

    int in();

    int out();

    /**
     * y_i = sum over j of W_j x_(i + j) + b, i and j modulo the length: a convolution on the cyclic group; {@code weight}
     * [order, out, in], {@code bias} [out].
     *
     * @param order elements of the group, the length of the sequence
     */
    record Cyclic(int order, int in, int out, boolean bias) implements Equivariant {
        public Cyclic {
            Checks.positive("cyclic_linear", "order", order);
            Checks.positive("cyclic_linear", "in", in);
            Checks.positive("cyclic_linear", "out", out);
        }
    }

    /**
     * y_i = A x_i + B mean(x) + b, equivariant to every permutation of the positions (Deep Sets, Zaheer et al. 2017);
     * {@code own.weight} and {@code mean.weight} [out, in], {@code bias} [out].
     */
    record Symmetric(int in, int out, boolean bias) implements Equivariant {
        public Symmetric {
            Checks.positive("set_linear", "in", in);
            Checks.positive("set_linear", "out", out);
        }
    }
}
