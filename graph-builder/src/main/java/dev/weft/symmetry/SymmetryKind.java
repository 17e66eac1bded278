package dev.weft.symmetry;

/** The kinds of symmetries that a network may have. */
public enum SymmetryKind {
    /** Hidden neurons and channels change places. */
    NEURONS("neuron permutations"),
    /** Heads and groups change places as wholes. */
    GROUPS("head and group permutations"),
    /** The coordinates of each head, the channels of each group, change places among themselves. */
    MEMBERS("permutations within heads and groups"),
    /** Positive factors go through ReLU-like functions, gains and linear paths. */
    SCALES("positive scalings"),
    /** Signs go through odd functions, gains and linear paths. */
    SIGNS("sign flips"),
    /** Half periods in front of sines. */
    PHASES("sine phases");

    private final String words;

    SymmetryKind(String words) {
        this.words = words;
    }

    /** Returns what reports call it. */
    public String words() {
        return words;
    }
}
