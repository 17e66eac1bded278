package dev.weft.network;

/** Other views of the same values, and parts of them. */
public sealed interface Reshaping extends Layer {

    /** [units, height, width] or [length, units] to a vector, in that order. */
    record Flatten() implements Reshaping {}

    /** [units, height, width] to the sequence [height * width, units]. */
    record ToSequence() implements Reshaping {}

    /** [height * width, units] to the map [units, height, width]. */
    record ToMap(int height, int width) implements Reshaping {
        public ToMap {
            Checks.positive("to_map", "height", height);
            Checks.positive("to_map", "width", width);
        }
    }

    /** A vector to a map of one pixel. */
    record ToPixel() implements Reshaping {}

    /** Positions [from, to) of a sequence. */
    record Positions(int from, int to) implements Reshaping {
        public Positions {
            Checks.notNegative("positions", "from", from);
            if (to <= from) {
                throw new IllegalArgumentException("positions: [" + from + ", " + to + ") is empty");
            }
        }
    }

    /** One position of a sequence: the vector at {@code index}; -1 is the last. */
    record Position(int index) implements Reshaping {
        public Position {
            if (index < -1) {
                throw new IllegalArgumentException("position: index must be -1 (the last) or more, got " + index);
            }
        }
    }

    /** Neurons [from, to). */
    record Slice(int from, int to) implements Reshaping {
        public Slice {
            Checks.notNegative("slice", "from", from);
            if (to <= from) {
                throw new IllegalArgumentException("slice: [" + from + ", " + to + ") is empty");
            }
        }
    }

    /** A map without its first {@code top} rows and {@code left} columns. */
    record Crop(int top, int left) implements Reshaping {
        public Crop {
            Checks.notNegative("crop", "top", top);
            Checks.notNegative("crop", "left", left);
        }
    }
}
