package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Embedding;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Reshaping;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * BERT, RoBERTa and their like as Hugging Face keeps them, with the head that the file has: masked words, classes of texts or
 * of words, answers, the pooled vector, or the last states.
 */
public final class BertRecogniser implements Recogniser {

    private static final String FIRST = "encoder.layer.0.attention.self.query.weight";
    private static final List<String> BODIES = List.of("bert.", "roberta.", "electra.");
    private static final Set<String> KNOWN = Set.of("bert", "roberta", "camembert", "xlm-roberta", "electra");
    private static final int HEAD_SIZE = 64;
    private static final double EPSILON = 1e-12;
    private static final double ROBERTA_EPSILON = 1e-5;

    @Override
    public String name() {
        return "bert";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        List<String> prefixes = tensors.prefixes(FIRST);
        if (prefixes.isEmpty() || !tensors.has(prefixes.get(0) + "embeddings.word_embeddings.weight")) {
            return Optional.empty();
        }
        String body = prefixes.get(0);
        String own = BODIES.stream().filter(body::endsWith).findFirst().orElse("");
        String outer = body.substring(0, body.length() - own.length());
        StateDict named = tensors.renamed(Map.of(
                "",
                outer,
                "embeddings.",
                body + "embeddings.",
                "encoder.",
                body + "encoder.",
                "pooler.",
                body + "pooler.",
                "embeddings_project.",
                body + "embeddings_project."));
        return Optional.of(read(named, own));
    }

    private static Recognition read(StateDict tensors, String body) throws IOException {
        HubConfig config = tensors.configOrEmpty();
        List<Integer> table = tensors.shape("embeddings.word_embeddings.weight", "[vocabulary, width]", 2);
        int width = tensors.shape(FIRST, "[width, width]", 2).get(1);
        int layers = tensors.count("encoder.layer.", ".attention.self.query.weight");
        int rows = tensors.shape("embeddings.position_embeddings.weight", "[length, width]", 2)
                .get(0);
        int segments = tensors.shape("embeddings.token_type_embeddings.weight", "[segments, width]", 2)
                .get(0);
        requireSupported(tensors, config, width, layers);
        String type = config.modelType();
        boolean roberta = type.isEmpty()
                ? body.equals("roberta.") || segments == 1
                : type.contains("roberta") || type.equals("camembert");
        int first = roberta ? config.count("pad_token_id", 1) + 1 : 0;
        Sketch sketch = new Sketch(
                tensors,
                (type.isEmpty() ? (roberta ? "RoBERTa" : "BERT") : type) + " (Hugging Face)",
                "bert",
                new Input.Tokens(table.get(0), Math.max(1, rows - first)));
        int heads = Heads.of(sketch, "num_attention_heads", width, HEAD_SIZE);
        double epsilon = config.number("layer_norm_eps", roberta ? ROBERTA_EPSILON : EPSILON);
        sketch.lookup("embeddings.word_embeddings")
                .positions("embeddings.position_embeddings", first)
                .add("embeddings.token_type_embeddings", new Embedding.SegmentTable(segments, width))
                .layerNorm("embeddings.LayerNorm", epsilon);
        for (int i = 0; i < layers; i++) {
            block(sketch, "encoder.layer." + i + ".", heads, epsilon);
        }
        head(sketch, epsilon);
        return sketch.note("texts of one segment").finish();
    }

    private static void requireSupported(StateDict tensors, HubConfig config, int width, int layers)
            throws FormatException {
        config.requireSame("hidden_size", width, "encoder.layer.0.attention.self.query.weight");
        config.requireSame("num_hidden_layers", layers, "the number of blocks");
        String type = config.modelType();
        if (!type.isEmpty() && !KNOWN.contains(type)) {
            throw config.unsupported("model_type '" + type + "' has BERT's tensors, but may compute something else; run"
                    + " are " + KNOWN.stream().sorted().toList());
        }
        if (tensors.has("embeddings_project.weight")) {
            throw tensors.unsupported(
                    "word vectors that are projected to the width of the blocks (embeddings_project)");
        }
        if (config.flag("is_decoder", false)) {
            throw config.unsupported("BERT as a decoder (is_decoder)");
        }
        String positions = config.text("position_embedding_type", "absolute");
        if (!positions.equals("absolute")) {
            throw config.unsupported("position_embedding_type '" + positions + "'");
        }
    }

    private static void block(Sketch sketch, String at, int heads, double epsilon) throws FormatException {
        String input = sketch.last();
        String self = at + "attention.self";
        sketch.attention(self, self + ".query", self + ".key", self + ".value", heads, false)
                .linear(at + "attention.output.dense")
                .sum(at + "attention.add", input, at + "attention.output.dense")
                .layerNorm(at + "attention.output.LayerNorm", epsilon)
                .linear(at + "intermediate.dense");
        Activations.add(sketch, at + "intermediate.gelu", sketch.tensors().configOrEmpty(), "hidden_act", "gelu");
        sketch.linear(at + "output.dense")
                .sum(at + "add", at + "attention.output.LayerNorm", at + "output.dense")
                .layerNorm(at + "output.LayerNorm", epsilon);
    }

    private static boolean isElectra(StateDict tensors) throws FormatException {
        return tensors.configOrEmpty().modelType().equals("electra")
                || tensors.fileName(FIRST).contains("electra.");
    }

    private static void head(Sketch sketch, double epsilon) throws IOException {
        StateDict tensors = sketch.tensors();
        if (tensors.has("cls.predictions.transform.dense.weight")) {
            maskedWords(sketch, "cls.predictions", ".transform.dense", ".transform.LayerNorm", epsilon);
            sketch.unused("pooler.", "the pooled vector, which masked words do not need")
                    .unused("cls.seq_relationship.", "the head that tells whether two texts follow each other");
        } else if (tensors.has("lm_head.dense.weight")) {
            maskedWords(sketch, "lm_head", ".dense", ".layer_norm", epsilon);
            sketch.unused("pooler.", "the pooled vector, which masked words do not need");
        } else if (tensors.has("classifier.out_proj.weight")) {
            sketch.add("first", new Reshaping.Position(0))
                    .linear("classifier.dense")
                    .add("classifier.activation", isElectra(tensors) ? new Layer.Gelu() : new Layer.Tanh())
                    .linear("classifier.out_proj");
        } else if (tensors.has("pooler.dense.weight")
                && !tensors.has("qa_outputs.weight")
                && !tensors.configOrEmpty().builds("ForTokenClassification")) {
            sketch.add("first", new Reshaping.Position(0))
                    .linear("pooler.dense")
                    .add("pooler.activation", new Layer.Tanh());
            if (tensors.has("classifier.weight")) {
                sketch.linear("classifier");
            }
        } else if (tensors.has("classifier.weight")) {
            sketch.linear("classifier")
                    .note("classes of words")
                    .unused("pooler.", "the pooled vector, which classes of words do not need");
        } else if (tensors.has("qa_outputs.weight")) {
            sketch.linear("qa_outputs")
                    .note("first and last words of answers")
                    .unused("pooler.", "the pooled vector, which answers do not need");
        }
    }

    /** A transformation, then scores by the word table, with a bias of their own. */
    private static void maskedWords(Sketch sketch, String at, String dense, String norm, double epsilon)
            throws IOException {
        HubConfig config = sketch.tensors().configOrEmpty();
        sketch.linear(at + dense);
        Activations.add(sketch, at + ".gelu", config, at.equals("cls.predictions") ? "hidden_act" : "", "gelu");
        sketch.layerNorm(at + norm, epsilon)
                .tiedWords(at + ".decoder", "embeddings.word_embeddings", at, at + ".decoder.bias")
                .note("scores of masked words");
    }
}
