package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Recurrence;
import dev.weft.network.Reshaping;

/**
 * Two recurrent networks (Cho et al. 2014): the decoder starts in the encoder's last state, so that both states are one block
 * of neurons. The input is the source followed by what the decoder reads (the target, shifted by one).
 */
public final class GruEncoderDecoder {

    private GruEncoderDecoder() {}

    /**
     * The form of the networks.
     *
     * @param vocabulary of source and target
     * @param source words of the source
     * @param target words that the decoder reads
     * @param width of the word vectors
     * @param hidden width of the states
     */
    public record Config(int vocabulary, int source, int target, int width, int hidden) {}

    /** Parameters are called {@code encoder.embedding.weight}, {@code encoder.rnn.weight_ih_l0}, {@code decoder.out.weight}. */
    public static Architecture of(Config config) {
        Input.Tokens input = new Input.Tokens(config.vocabulary, config.source + config.target);
        return Architecture.builder("gru-encoder-decoder", input)
                .add("source", new Reshaping.Positions(0, config.source))
                .add("encoder.embedding", new Embedding.Lookup(config.vocabulary, config.width))
                .add("encoder.rnn", new Recurrence.Gru(config.width, config.hidden, 1, true))
                .add("state", new Reshaping.Position(-1))
                .add(
                        "target",
                        new Reshaping.Positions(config.source, config.source + config.target),
                        Architecture.INPUT)
                .add("decoder.embedding", new Embedding.Lookup(config.vocabulary, config.width))
                .add(
                        "decoder.rnn",
                        new Recurrence.Gru(config.width, config.hidden, 1, true),
                        "decoder.embedding",
                        "state")
                .add("decoder.out", new Layer.Linear(config.hidden, config.vocabulary, true))
                .build();
    }
}
