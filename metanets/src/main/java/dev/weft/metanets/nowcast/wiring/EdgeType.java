package dev.weft.metanets.nowcast.wiring;

/** What an edge stands for; the numbers are rows of NiNo's table of types, of which 0, 12 and 14 are not used. */
public enum EdgeType {
    /** A matrix without a role of its own. */
    MATRIX(1, 0),
    /** A bias, and whatever nothing else fits. */
    BIAS(2, 0),
    CONVOLUTION(3, 0),
    /** A one-dimensional tensor called {@code weight}: gains of norms. */
    GAIN(4, 0),
    /** Embedding of tokens, and the class token. */
    TOKEN(5, 0),
    POSITION(6, 0),
    QUERY(7, 0),
    KEY(8, 0),
    VALUE(9, 0),
    /** A residual connection: no parameter. */
    RESIDUAL(10, 1),
    /** From a head to its coordinates: no parameter. */
    HEAD(11, 1),
    /** From a neuron to itself: no parameter. */
    SELF_LOOP(13, 2);

    /** Rows of the table of types. */
    public static final int COUNT = 15;

    private final int id;
    private final int constant;

    EdgeType(int id, int constant) {
        this.id = id;
        this.constant = constant;
    }

    /** Returns the row in the table of types. */
    public int id() {
        return id;
    }

    /** Whether the edge carries a parameter. */
    public boolean isParameter() {
        return constant == 0;
    }

    /** Returns what an edge without a parameter carries in place of scaled values, at feature 0 in all states. */
    public int constant() {
        return constant;
    }
}
