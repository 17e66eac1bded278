package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.network.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layers that were found, in order. A layer may still get what the graph adds behind it: a bias, a gain. */
final class Drafts {

    /** The number of the network's input. */
    static final int INPUT = -1;

    private final List<Draft> drafts = new ArrayList<>();
    private final boolean openLength;
    private Sample input;
    private int longest = Integer.MAX_VALUE;

    /** A layer that was found. */
    static final class Draft {
        private final String hint;
        private final List<Integer> inputs;
        private final Sample sample;
        private final Map<String, List<Fixed>> tensors = new LinkedHashMap<>();
        private Layer layer;
        private boolean shared;

        private Draft(String hint, Layer layer, List<Integer> inputs, Sample sample) {
            this.hint = hint;
            this.layer = layer;
            this.inputs = List.copyOf(inputs);
            this.sample = sample;
        }

        /** Returns what to call the layer if its tensors do not tell. */
        String hint() {
            return hint;
        }

        Layer layer() {
            return layer;
        }

        List<Integer> inputs() {
            return inputs;
        }

        Sample sample() {
            return sample;
        }

        /** Whether its output is read as it is now, so that nothing can be added to the layer. */
        boolean shared() {
            return shared;
        }

        void share() {
            shared = true;
        }

        /** Returns the layer's tensors, each as parts of the file that lie side by side. */
        Map<String, List<Fixed>> tensors() {
            return tensors;
        }
        /** Returns a tensor that is one part of the file. */
        Fixed only(String suffix) {
            List<Fixed> parts = tensors.getOrDefault(suffix, List.of());
            if (parts.size() != 1) {
                throw new IllegalStateException(suffix + " has " + parts.size() + " parts");
            }
            return parts.get(0);
        }

        Draft tensor(String suffix, Fixed... parts) {
            tensors.put(suffix, List.of(parts));
            return this;
        }

        /** Makes it a layer that has one tensor more. */
        void amend(Layer other, String suffix, Fixed values) {
            layer = other;
            tensor(suffix, values);
        }
    }

    Drafts(Sample input, boolean openLength) {
        this.input = input;
        this.openLength = openLength;
    }

    /** Whether the input is a text whose length the file leaves open. */
    boolean openLength() {
        return openLength;
    }

    Sample input() {
        return input;
    }

    /** Says what the words of the input are, once a table tells. */
    void vocabulary(int size) {
        if (input.units() != 0 && input.units() != size) {
            throw new IllegalArgumentException(
                    "the input is looked up in tables of " + input.units() + " and of " + size + " words");
        }
        input = input.units(size);
    }

    /** Says that a table ends after so many positions. */
    void longest(int positions) {
        longest = Math.min(longest, positions);
    }

    /** Returns for how many positions tables last. */
    int longest() {
        return longest;
    }

    int add(String hint, Layer layer, Sample sample, Integer... inputs) {
        drafts.add(new Draft(hint, layer, List.of(inputs), sample));
        return drafts.size() - 1;
    }

    Draft get(int layer) {
        return drafts.get(layer);
    }

    int size() {
        return drafts.size();
    }

    Sample sample(int layer) {
        return layer == INPUT ? input : drafts.get(layer).sample;
    }
}
