package dev.weft.network;

/**
 * Neurons that are permuted together: the input coordinates, the units of a layer, later the channels of a residual
 * stream or one head's key dimensions.
 *
 * @param index position in {@link Architecture#blocks()}
 * @param name {@code "input"} or the name of the node whose output it is
 * @param size number of neurons
 * @param role whether the neurons have an identity of their own
 */
public record NeuronBlock(int index, String name, int size, Role role) {

    /** Inputs and outputs have an identity; hidden neurons may be permuted without changing the function. */
    public enum Role {
        INPUT,
        HIDDEN,
        OUTPUT
    }

    /** Whether a permutation of these neurons leaves the network's function unchanged. */
    public boolean permutable() {
        return role == Role.HIDDEN;
    }
}
