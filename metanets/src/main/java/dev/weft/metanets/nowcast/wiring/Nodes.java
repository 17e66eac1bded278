package dev.weft.metanets.nowcast.wiring;

/** Nodes that follow each other. */
record Nodes(int first, int size) {

    /** Returns some of these nodes. */
    Nodes part(int from, int count) {
        return new Nodes(first + from, count);
    }
}
