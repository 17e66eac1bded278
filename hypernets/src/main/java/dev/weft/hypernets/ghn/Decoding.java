package dev.weft.hypernets.ghn;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How weights of two and more axes come out of a node's state. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Decoding.Tiled.class, name = "tiled"),
    @JsonSubTypes.Type(value = Decoding.LowRank.class, name = "low-rank"),
})
public sealed interface Decoding {

    /** As in GHN-1, 2 and 3: kernels of up to M x M channels and S x S taps, which wider layers repeat. */
    record Tiled() implements Decoding {}

    /**
     * As in LoGAH (Zhou et al. 2024, "LoGAH: predicting 774-million-parameter transformers using graph hypernetworks with
     * 1/100 parameters"): a weight is the product of two matrices, [out * height, r] and [r, in * width], so that layers far
     * wider than M need not repeat anything.
     *
     * @param rank r
     * @param widest K, the most of out * height and of in * width; wider layers repeat
     */
    record LowRank(int rank, int widest) implements Decoding {
        private static final int MOST_RANK = 1 << 12; // files are not trusted
        private static final int MOST_WIDEST = 1 << 20;

        public LowRank {
            if (rank < 1 || rank > MOST_RANK || widest < 1 || widest > MOST_WIDEST) {
                throw new IllegalArgumentException("ghn: expected a rank of 1 to " + MOST_RANK
                        + " and a widest side of 1 to " + MOST_WIDEST + ", got " + rank + " and " + widest);
            }
        }
    }
}
