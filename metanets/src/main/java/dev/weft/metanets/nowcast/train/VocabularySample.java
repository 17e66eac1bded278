package dev.weft.metanets.nowcast.train;

import dev.weft.network.Architecture;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.ParameterTensor;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A network over words with some of its words: the table of words, and an output layer of its own where there is one, keep their
 * rows, everything else stays. Most parameters of a small language model are such rows, and all of them are alike to a
 * forecasting network (Knyazev et al. 2025 take 1,000 of GPT-2's 50,257).
 *
 * <p>Shapes: P parameters of the whole network, P' of the smaller one.
 */
final class VocabularySample {

    private final Architecture whole;
    private final Architecture sampled;

    /** @param words the most that are kept; a network with no more, or over no words, stays as it is */
    VocabularySample(Architecture whole, int words) {
        this.whole = whole;
        this.sampled = whole.input() instanceof Input.Tokens tokens && tokens.vocabulary() > words
                ? cut(whole, tokens, words)
                : whole;
    }

    private static Architecture cut(Architecture whole, Input.Tokens tokens, int words) {
        String output = whole.nodes().get(whole.nodes().size() - 1).name();
        List<Architecture.Node> nodes = whole.nodes().stream()
                .map(node -> new Architecture.Node(
                        node.name(),
                        cut(node.layer(), tokens, words, node.name().equals(output)),
                        node.inputs()))
                .toList();
        return new Architecture(whole.family(), new Input.Tokens(words, tokens.length()), nodes);
    }

    private static Layer cut(Layer layer, Input.Tokens tokens, int words, boolean isOutput) {
        if (layer instanceof Embedding.Lookup table && table.vocabulary() == tokens.vocabulary()) {
            return new Embedding.Lookup(words, table.size());
        }
        if (isOutput && layer instanceof Layer.Linear linear && linear.out() == tokens.vocabulary()) {
            return new Layer.Linear(linear.in(), words, linear.bias());
        }
        return layer;
    }

    /** Returns the smaller network, or the whole one if nothing is cut. */
    Architecture architecture() {
        return sampled;
    }

    /** Draws words without repetition, in ascending order; draws nothing if nothing is cut. */
    int[] draw(RandomGenerator random) {
        if (sampled.equals(whole)) {
            return new int[0];
        }
        return random.ints(0, whole.inputSize())
                .distinct()
                .limit(sampled.inputSize())
                .sorted()
                .toArray();
    }

    /** Returns the values that belong to these words and those that belong to none, [P'] of [P]. */
    float[] take(float[] row, int[] words) {
        if (words.length == 0) {
            return row;
        }
        float[] taken = new float[Math.toIntExact(sampled.parameterCount())];
        for (int i = 0; i < sampled.parameters().size(); i++) {
            ParameterTensor from = whole.parameters().get(i);
            ParameterTensor to = sampled.parameters().get(i);
            int first = (int) from.offset();
            if (from.shape().equals(to.shape())) {
                System.arraycopy(row, first, taken, (int) to.offset(), (int) to.size());
                continue;
            }
            int width = (int) (to.size() / words.length);
            for (int w = 0; w < words.length; w++) {
                System.arraycopy(row, first + words[w] * width, taken, (int) to.offset() + w * width, width);
            }
        }
        return taken;
    }
}
