package dev.weft.network;

/**
 * Neurons that are permuted together: the input coordinates, the units of a layer, the channels of a residual stream,
 * the heads of an attention layer, or the key coordinates of all heads.
 *
 * @param index position in {@link Architecture#blocks()}
 * @param name {@code "input"} or the name of the node that makes them
 * @param size number of neurons
 * @param role whether the neurons have an identity of their own
 * @param structure which permutations of the neurons are meant
 */
public record NeuronBlock(int index, String name, int size, Role role, Structure structure) {

    /** Makes a block whose neurons may be permuted in every way. */
    public NeuronBlock(int index, String name, int size, Role role) {
        this(index, name, size, role, new Structure.Flat());
    }

    /** Inputs, outputs and fixed neurons have an identity; hidden neurons may be permuted without changing the function. */
    public enum Role {
        INPUT,
        HIDDEN,
        OUTPUT,
        /** Inside the network, but not exchangeable: frequencies of a rotary embedding, positions of a sequence. */
        FIXED
    }

    /** The permutations that a block's neurons admit. */
    public sealed interface Structure {

        /** All of them. */
        record Flat() implements Structure {}

        /**
         * Those that keep groups together: neuron g * s + i is number i of group g. A group moves as a whole with its unit
         * in the block of groups, and the neurons of each group are permuted in a way of their own (a wreath product).
         *
         * @param groups index of the block that has a unit for each group
         */
        record Within(int groups) implements Structure {}

        /**
         * None of its own: neuron (o, i) = o * s + i goes where {@code outer} takes o and {@code inner} takes i. If the
         * inner block lies within groups and the outer unit names the group, i counts within it: so query heads that
         * share a key head share the order of its coordinates.
         *
         * @param outer index of the block that counts slowly, for example heads
         * @param inner index of the block that counts fast, for example one head's coordinates
         */
        record Pairs(int outer, int inner) implements Structure {}
    }

    /** Whether there are permutations of these neurons that leave the network's function unchanged. */
    public boolean permutable() {
        return role == Role.HIDDEN;
    }
}
