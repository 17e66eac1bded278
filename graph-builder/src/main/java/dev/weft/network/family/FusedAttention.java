package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Reshaping;

/** Attention behind one layer that computes queries, keys and values side by side. */
final class FusedAttention {

    private FusedAttention() {}

    /** Cuts the last node's output [length, 3 * width] in three and attends; the output is called {@code name}. */
    static void add(Architecture.Builder builder, String name, int width, Attention.Heads heads) {
        String fused = builder.last();
        builder.add(name + ".q", new Reshaping.Slice(0, width), fused)
                .add(name + ".k", new Reshaping.Slice(width, 2 * width), fused)
                .add(name + ".v", new Reshaping.Slice(2 * width, 3 * width), fused)
                .add(name, heads, name + ".q", name + ".k", name + ".v");
    }
}
