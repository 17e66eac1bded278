package dev.weft.symmetry;

import dev.weft.network.Architecture;

/** A transformation of parameter rows that leaves the network's function unchanged. */
public sealed interface SymmetryElement permits NeuronPermutation, Rescaling, SymmetryProduct {

    Architecture architecture();

    /** Returns the transformed row of P values. */
    double[] apply(double[] row);

    /** Transforms a row of P values in place; tensors that the element does not move are not touched. */
    void actOn(double[] row);

    /** Returns the element that undoes this one. */
    SymmetryElement inverse();
}
