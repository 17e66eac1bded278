package dev.weft.network;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a network reads: one sample's shape. */
public sealed interface Input {

    /** Returns the number of input neurons: features, channels or words. */
    int size();

    /** Returns how samples are laid out. */
    Form.Layout layout();

    /** Returns the extents besides the neurons. */
    List<Integer> positions();

    /** A vector [size]. */
    record Features(int size) implements Input {
        public Features {
            requirePositive("input size", size);
        }

        @Override
        public Form.Layout layout() {
            return Form.Layout.VECTOR;
        }

        @Override
        public List<Integer> positions() {
            return List.of();
        }
    }

    /** Everything that is written as an object in JSON. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Image.class, name = "image"),
        @JsonSubTypes.Type(value = Signal.class, name = "signal"),
        @JsonSubTypes.Type(value = Sequence.class, name = "sequence"),
        @JsonSubTypes.Type(value = Tokens.class, name = "tokens"),
    })
    sealed interface Shaped extends Input {}

    /** An image [channels, height, width]. */
    record Image(int channels, int height, int width) implements Shaped {
        public Image {
            requirePositive("image channels", channels);
            requirePositive("image height", height);
            requirePositive("image width", width);
        }

        @Override
        public int size() {
            return channels;
        }

        @Override
        public Form.Layout layout() {
            return Form.Layout.MAP;
        }

        @Override
        public List<Integer> positions() {
            return List.of(height, width);
        }
    }

    /** A signal over time [channels, length]. */
    record Signal(int channels, int length) implements Shaped {
        public Signal {
            requirePositive("signal channels", channels);
            requirePositive("signal length", length);
        }

        @Override
        public int size() {
            return channels;
        }

        @Override
        public Form.Layout layout() {
            return Form.Layout.MAP;
        }

        @Override
        public List<Integer> positions() {
            return List.of(length);
        }
    }

    /** A sequence of vectors [length, features]. */
    record Sequence(int length, int features) implements Shaped {
        public Sequence {
            requirePositive("sequence length", length);
            requirePositive("sequence features", features);
        }

        @Override
        public int size() {
            return features;
        }

        @Override
        public Form.Layout layout() {
            return Form.Layout.SEQUENCE;
        }

        @Override
        public List<Integer> positions() {
            return List.of(length);
        }
    }

    /**
     * A text of numbered words [length], the words in [0, vocabulary).
     *
     * @param length the longest text; shorter ones are run too
     */
    record Tokens(int vocabulary, int length) implements Shaped {
        public Tokens {
            requirePositive("vocabulary", vocabulary);
            requirePositive("text length", length);
        }

        @Override
        public int size() {
            return vocabulary;
        }

        @Override
        public Form.Layout layout() {
            return Form.Layout.TOKENS;
        }

        @Override
        public List<Integer> positions() {
            return List.of(length);
        }
    }

    private static void requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be positive, got " + value);
        }
    }
}
