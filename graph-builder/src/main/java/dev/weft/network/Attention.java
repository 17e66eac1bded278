package dev.weft.network;

/** What is between the projections of multi-head attention; the projections are linear layers of their own. */
public sealed interface Attention extends Layer {

    /**
     * softmax(Q K^T / sqrt(k)) V for each head; inputs are queries [length, heads * k], keys [length', keyValueHeads * k] and
     * values [length', keyValueHeads * v], the output is [length, heads * v].
     *
     * @param keyValueHeads as many as heads, or fewer: each is read by heads / keyValueHeads query heads in a row
     * @param causal whether a position sees only itself and those before it
     */
    record Heads(int heads, int keyValueHeads, boolean causal) implements Attention {
        public Heads {
            Checks.positive("attention", "heads", heads);
            Checks.positive("attention", "keyValueHeads", keyValueHeads);
            Checks.divides("attention", "keyValueHeads", keyValueHeads, "heads", heads);
        }
    }

    /**
     * Turns pairs of coordinates of each head by angle position * base^(-2 p / size), p the pair (Su et al. 2021).
     *
     * @param size coordinates of a head, even
     * @param interleaved whether pairs are neighbours (2p, 2p + 1), as in the paper, or halves (p, p + size / 2), as in the
     *     released Llama-style files
     */
    record Rotary(int size, double base, boolean interleaved) implements Attention {
        public Rotary {
            Checks.positive("rotary", "size", size);
            Checks.divides("rotary", "2", 2, "size", size);
            if (!(base > 0) || Double.isInfinite(base)) {
                throw new IllegalArgumentException("rotary: base must be positive and finite, got " + base);
            }
        }
    }
}
