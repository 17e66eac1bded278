package dev.weft.checkpoints.format.onnx.topology;

/** What a value of the graph is for the network. */
sealed interface Meaning permits Fixed, Joined, Flow, HeadPart, Turned, TurnTerm, Scores {

    /** Returns the sizes of the value's axes. */
    int[] shape();
}
