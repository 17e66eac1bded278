package dev.weft.checkpoints.format.recognise;

import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Reshaping;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** DistilBERT as Hugging Face keeps it, with its head for masked words, classes or answers, if there is one. */
public final class DistilBertRecogniser implements Recogniser {

    private static final String BODY = "distilbert.";
    private static final String FIRST = "transformer.layer.0.attention.q_lin.weight";
    private static final int HEAD_SIZE = 64;
    private static final double EPSILON = 1e-12;

    @Override
    public String name() {
        return "distilbert";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        List<String> prefixes = tensors.prefixes(FIRST);
        if (prefixes.isEmpty() || !tensors.has(prefixes.get(0) + "embeddings.word_embeddings.weight")) {
            return Optional.empty();
        }
        String body = prefixes.get(0);
        String outer = body.endsWith(BODY) ? body.substring(0, body.length() - BODY.length()) : body;
        return Optional.of(read(tensors.renamed(
                Map.of("", outer, "embeddings.", body + "embeddings.", "transformer.", body + "transformer."))));
    }

    private static Recognition read(StateDict tensors) throws IOException {
        HubConfig config = tensors.configOrEmpty();
        List<Integer> table = tensors.shape("embeddings.word_embeddings.weight", "[vocabulary, width]", 2);
        int length = tensors.shape("embeddings.position_embeddings.weight", "[length, width]", 2)
                .get(0);
        int layers = tensors.count("transformer.layer.", ".attention.q_lin.weight");
        config.requireSame("dim", table.get(1), "embeddings.word_embeddings.weight");
        config.requireSame("n_layers", layers, "the number of blocks");
        Sketch sketch =
                new Sketch(tensors, "DistilBERT (Hugging Face)", "distilbert", new Input.Tokens(table.get(0), length));
        int heads = Heads.of(sketch, "n_heads", table.get(1), HEAD_SIZE);
        sketch.lookup("embeddings.word_embeddings")
                .positions("embeddings.position_embeddings", 0)
                .layerNorm("embeddings.LayerNorm", EPSILON);
        for (int i = 0; i < layers; i++) {
            block(sketch, "transformer.layer." + i + ".", heads);
        }
        head(sketch);
        return sketch.finish();
    }

    private static void block(Sketch sketch, String at, int heads) throws FormatException {
        String input = sketch.last();
        String attention = at + "attention";
        sketch.attention(attention, attention + ".q_lin", attention + ".k_lin", attention + ".v_lin", heads, false)
                .linear(attention + ".out_lin")
                .sum(at + "attention.add", input, attention + ".out_lin")
                .layerNorm(at + "sa_layer_norm", EPSILON)
                .linear(at + "ffn.lin1");
        Activations.add(sketch, at + "ffn.act", sketch.tensors().configOrEmpty(), "activation", "gelu");
        sketch.linear(at + "ffn.lin2")
                .sum(at + "add", at + "sa_layer_norm", at + "ffn.lin2")
                .layerNorm(at + "output_layer_norm", EPSILON);
    }

    private static void head(Sketch sketch) throws IOException {
        StateDict tensors = sketch.tensors();
        if (tensors.has("vocab_transform.weight")) {
            sketch.linear("vocab_transform");
            Activations.add(sketch, "vocab_activation", tensors.configOrEmpty(), "activation", "gelu");
            sketch.layerNorm("vocab_layer_norm", EPSILON)
                    .tiedWords("vocab_projector", "embeddings.word_embeddings", "vocab_projector", "");
        } else if (tensors.has("pre_classifier.weight")) {
            sketch.add("first", new Reshaping.Position(0))
                    .linear("pre_classifier")
                    .add("pre_classifier.relu", new Layer.Relu())
                    .linear("classifier");
        } else if (tensors.has("classifier.weight")) {
            sketch.linear("classifier").note("classes of words");
        } else if (tensors.has("qa_outputs.weight")) {
            sketch.linear("qa_outputs").note("first and last words of answers");
        }
    }
}
