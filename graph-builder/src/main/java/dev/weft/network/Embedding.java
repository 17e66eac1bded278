package dev.weft.network;

import java.util.List;

/** Learned vectors that are looked up, added or prepended. */
public sealed interface Embedding extends Layer {

    /** Words to vectors: {@code weight} [vocabulary, size]. */
    record Lookup(int vocabulary, int size) implements Embedding {
        public Lookup {
            Checks.positive("embedding", "vocabulary", vocabulary);
            Checks.positive("embedding", "size", size);
        }
    }

    /**
     * Adds a learned vector at each position of a sequence: rows first, first + 1, ... of {@code weight} [length, size].
     *
     * @param first the row of the first position (2 in the RoBERTa and OPT families)
     */
    record PositionTable(int length, int size, int first) implements Embedding {
        public PositionTable {
            Checks.positive("position_table", "length", length);
            Checks.positive("position_table", "size", size);
            Checks.notNegative("position_table", "first", first);
        }
    }

    /**
     * Adds a learned array of the sample's own shape; the tensor [1, *shape] is called as the node.
     *
     * @param shape [length, size] for sequences, [channels, height, width] for images
     */
    record PositionArray(List<Integer> shape) implements Embedding {
        public PositionArray {
            shape = List.copyOf(shape);
            if (shape.size() != 2 && shape.size() != 3) {
                throw new IllegalArgumentException("position_array: shape must have 2 or 3 extents, got " + shape);
            }
            shape.forEach(extent -> Checks.positive("position_array", "extents", extent));
        }
    }

    /** Puts a learned vector in front of a sequence; the tensor [1, 1, size] is called as the node. */
    record ClassToken(int size) implements Embedding {
        public ClassToken {
            Checks.positive("class_token", "size", size);
        }
    }

    /** Adds row 0 of {@code weight} [types, size] everywhere: BERT's segment embedding for a text of one segment. */
    record SegmentTable(int types, int size) implements Embedding {
        public SegmentTable {
            Checks.positive("segment_table", "types", types);
            Checks.positive("segment_table", "size", size);
        }
    }

    /**
     * y = E x with the table E of an embedding: vectors back to scores of words.
     *
     * @param embedding the node with the table
     */
    record TiedOutput(String embedding) implements Embedding {}
}
