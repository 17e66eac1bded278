package dev.weft.network;

import java.util.List;

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

    /**
     * Turns the first pairs of coordinates of each head by angle position * frequency, and leaves the coordinates behind them
     * alone: rotary positions with frequencies that no single base gives (Llama 3's scaled ones), or of a part of each head
     * (GPT-NeoX).
     *
     * @param size coordinates of a head
     * @param frequencies one a pair
     * @param interleaved whether pairs are neighbours (2p, 2p + 1) or halves (p, p + number of pairs)
     */
    record Rotation(int size, List<Double> frequencies, boolean interleaved) implements Attention {
        public Rotation {
            Checks.positive("rotation", "size", size);
            frequencies = List.copyOf(frequencies);
            if (frequencies.isEmpty() || 2L * frequencies.size() > size) {
                throw new IllegalArgumentException(
                        "rotation: expected 1 to " + size / 2 + " frequencies, one a pair, got " + frequencies.size());
            }
            frequencies.forEach(frequency -> Checks.finite("rotation", "frequencies", frequency));
        }
    }
}
