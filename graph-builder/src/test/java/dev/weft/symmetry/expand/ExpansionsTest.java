package dev.weft.symmetry.expand;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Norm;
import dev.weft.network.Recurrence;
import dev.weft.network.Reshaping;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import dev.weft.network.family.Families;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.PlainCnn;
import dev.weft.network.family.ResNet;
import dev.weft.network.run.FunctionalNetwork;
import dev.weft.symmetry.RandomInputs;
import dev.weft.symmetry.RandomParameters;
import dev.weft.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Free entries are filled with 42, so that one that is not free shows. */
class ExpansionsTest {

    private static final FreeValues LARGE = FreeValues.constant(42);
    private static final double EXACT = 1e-12;

    /** The network of the paper: RMS norms in front of attention and MLP, an embedding, positions, an output matrix. */
    private static final Architecture PAPER = paper(2);

    private static Architecture paper(int layers) {
        Architecture.Builder builder = Architecture.builder("paper", new Input.Tokens(9, 5))
                .add("embed", new Embedding.Lookup(9, 6))
                .add("positions", new Embedding.PositionTable(5, 6, 0));
        for (int i = 0; i < layers; i++) {
            String at = "layers." + i + ".";
            String input = builder.last();
            builder.add(at + "norm1", new Norm.RmsNorm(6, 1e-2))
                    .add(at + "q", new Layer.Linear(6, 6, false), at + "norm1")
                    .add(at + "k", new Layer.Linear(6, 6, false), at + "norm1")
                    .add(at + "v", new Layer.Linear(6, 8, false), at + "norm1")
                    .add(at + "attention", new Attention.Heads(2, 2, true), at + "q", at + "k", at + "v")
                    .add(at + "o", new Layer.Linear(8, 6, false))
                    .add(at + "add1", new Junction.Add(), input, at + "o")
                    .add(at + "norm2", new Norm.RmsNorm(6, 1e-2))
                    .add(at + "up", new Layer.Linear(6, 8, true))
                    .add(at + "relu", new Layer.Relu())
                    .add(at + "down", new Layer.Linear(8, 6, true))
                    .add(at + "add2", new Junction.Add(), at + "add1", at + "down");
        }
        return builder.add("out", new Layer.Linear(6, 9, true)).build();
    }

    private static double[] row(Architecture architecture) {
        return RandomParameters.row(architecture, new Seed(1));
    }

    private static Expansions of(Architecture architecture) {
        return new Expansions(architecture, row(architecture), LARGE);
    }

    private static void assertSameFunction(Architecture architecture, Expanded larger) {
        assertTrue(larger.architecture().parameterCount() > architecture.parameterCount());
        assertEquals(
                0,
                Rows.relativeDifference(
                        outputs(architecture, row(architecture)), outputs(larger.architecture(), larger.row())),
                EXACT,
                larger.architecture().toString());
    }

    private static double[] outputs(Architecture architecture, double[] row) {
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray inputs = RandomInputs.of(manager, architecture, 3, DataType.FLOAT64, new Seed(9));
            return new FunctionalNetwork(architecture)
                    .forward(Rows.array(manager, row), inputs)
                    .toDoubleArray();
        }
    }

    private static Expanded widened(Architecture architecture, String block, int size) {
        return of(architecture).widen(Expansions.block(architecture, block), size);
    }

    @Test
    void theSixOfThePaperKeepTheFunction() {
        assertSameFunction(PAPER, widened(PAPER, "layers.0.up", 11));
        assertSameFunction(PAPER, of(PAPER).addHeads("layers.1.attention", 3));
        assertSameFunction(PAPER, of(PAPER).widenValues("layers.0.attention", 7));
        assertSameFunction(PAPER, of(PAPER).widenKeys("layers.1.attention", 5));
        assertSameFunction(PAPER, of(PAPER).widenStream(Expansions.block(PAPER, "embed"), 9));
        assertSameFunction(PAPER, LayerInsertion.repeat(PAPER, row(PAPER), "layers.1"));
    }

    /** One after another, each on what the one before made. */
    @Test
    void soDoTheirCompositions() {
        Expanded on = LayerInsertion.repeat(PAPER, row(PAPER), "layers.0");
        assertEquals(paper(3), on.architecture());
        for (int i = 0; i < 3; i++) {
            String attention = "layers." + i + ".attention";
            on = expansions(on).widen(Expansions.block(on.architecture(), "layers." + i + ".up"), 11);
            on = expansions(on).addHeads(attention, 3);
            on = expansions(on).widenValues(attention, 7);
            on = expansions(on).widenKeys(attention, 6);
        }
        on = expansions(on).widenStream(Expansions.block(on.architecture(), "embed"), 9);
        assertSameFunction(PAPER, on);
    }

    private static Expansions expansions(Expanded on) {
        return new Expansions(on.architecture(), on.row(), LARGE);
    }

    /** Fused and input-major projections, learned positions, layer norms, a tied output. */
    @Test
    void gpt2GrowsInAllButItsStream() {
        Architecture gpt2 = Families.named("gpt2").small().get();
        String at = "transformer.h.0.";
        assertSameFunction(gpt2, widened(gpt2, at + "mlp.c_fc", 50));
        assertSameFunction(gpt2, of(gpt2).addHeads(at + "attn", 5));
        assertSameFunction(gpt2, of(gpt2).widenValues(at + "attn", 6));
        assertSameFunction(gpt2, of(gpt2).widenKeys(at + "attn", 7));
        Expanded deeper = LayerInsertion.repeat(gpt2, row(gpt2), "transformer.h.0");
        assertSameFunction(gpt2, deeper);
        Input.Tokens text = (Input.Tokens) gpt2.input();
        assertEquals(Gpt2.of(new Gpt2.Config(text, 12, 3, 3, true, true, new Layer.GeluTanh())), deeper.architecture());
        assertEquals(
                "'transformer.h.0.ln_1' takes the mean over block 'transformer.wte', so that new neurons would change the"
                        + " function; only RMS norms allow them",
                refusal(() -> of(gpt2).widenStream(Expansions.block(gpt2, "transformer.wte"), 20)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-7b", "llama-1b"})
    void llamaGrowsButForItsKeys(String family) {
        Architecture llama = Families.named(family).small().get();
        String at = "model.layers.1.";
        assertSameFunction(llama, widened(llama, at + "mlp.gate_proj", 13));
        assertSameFunction(llama, of(llama).addHeads(at + "self_attn", 3));
        assertSameFunction(llama, of(llama).widenValues(at + "self_attn", 6));
        assertSameFunction(llama, of(llama).widenStream(Expansions.block(llama, "model.embed_tokens"), 11));
        assertSameFunction(llama, LayerInsertion.repeat(llama, row(llama), "model.layers.0"));
        assertTrue(refusal(() -> of(llama).widenKeys(at + "self_attn", 6)).contains("have an order of their own"));
    }

    @Test
    void theOtherTransformersGrowToo() {
        Architecture vit = Families.named("vit-b16").small().get();
        String layer = "encoder.layers.encoder_layer_";
        assertSameFunction(vit, widened(vit, layer + "1.mlp.0", 12));
        assertSameFunction(vit, of(vit).addHeads(layer + "0.attention", 4));
        assertSameFunction(vit, LayerInsertion.repeat(vit, row(vit), layer + "0"));
        Architecture bert = Families.named("bert-base").small().get();
        assertSameFunction(bert, of(bert).widenKeys("encoder.layer.0.attention.self", 9));
        assertTrue(refusal(() -> LayerInsertion.repeat(bert, row(bert), "encoder.layer.0"))
                .contains("'encoder.layer.0.output.LayerNorm' changes what goes through it"));
    }

    @Test
    void neuronsAndChannelsAreAddedOrSplit() {
        Architecture mlp = Mlp.of(List.of(3, 5, 4, 2), new Layer.Gelu(), true);
        Architecture siren = Siren.of(List.of(2, 5, 4, 1), 30, 0.5);
        Architecture cnn = Families.named("cnn").small().get();
        Architecture resNet = Families.named("resnet18").small().get();
        Architecture vgg = Families.named("vgg16").small().get();
        Architecture recurrent = Architecture.builder("lstm", new Input.Sequence(4, 3))
                .add("lstm", new Recurrence.Lstm(3, 4, 1, true))
                .add("last", new Reshaping.Position(-1))
                .add("out", new Layer.Linear(4, 2, true))
                .build();
        for (Architecture each : List.of(mlp, siren, cnn, resNet, vgg, recurrent)) {
            each.blocks().stream().filter(block -> block.permutable()).forEach(block -> {
                int size = block.size() + 2;
                assertSameFunction(each, of(each).widen(block, size));
                assertSameFunction(each, of(each).split(block, size, new Seed(3)));
            });
        }
    }

    @Test
    void identityLayersComeBehindRectifiers() {
        Architecture mlp = Mlp.of(List.of(3, 5, 4, 2), new Layer.Relu(), true);
        Expanded deeper = IdentityInsertion.behind(mlp, row(mlp), "act.0");
        assertEquals(Mlp.of(List.of(3, 5, 5, 4, 2), new Layer.Relu(), true), deeper.architecture());
        assertArrayEquals(outputs(mlp, row(mlp)), outputs(deeper.architecture(), deeper.row()));
        PlainCnn.Config config =
                new PlainCnn.Config(new Input.Image(3, 9, 9), List.of(4, 5), 3, 2, 0, true, new Layer.Relu(), 3);
        Architecture cnn = PlainCnn.of(config);
        Expanded wider = IdentityInsertion.behind(cnn, row(cnn), "act.0");
        assertArrayEquals(outputs(cnn, row(cnn)), outputs(wider.architecture(), wider.row()));
        Architecture vgg = Families.named("vgg16").small().get();
        assertSameFunction(vgg, IdentityInsertion.behind(vgg, row(vgg), "features.2"));
        Architecture siren = Siren.of(List.of(2, 5, 1), 30, 0);
        assertEquals(
                "'sine.0' is no ReLU, so that no layer behind it can be the identity",
                refusal(() -> IdentityInsertion.behind(siren, row(siren), "sine.0")));
    }

    @Test
    void residualBlocksBehindRectifiersAreRepeated() {
        Architecture resNet = ResNet.of(new ResNet.Config(new Input.Image(3, 16, 16), true, List.of(2, 1), 4, true, 3));
        assertSameFunction(resNet, LayerInsertion.repeat(resNet, row(resNet), "layer1.1"));
        assertTrue(refusal(() -> LayerInsertion.repeat(resNet, row(resNet), "layer2.0"))
                .contains("adds"));
    }

    @Test
    void randomFreeValuesAreSeededAndOfTheSizeOfTheOldOnes() {
        Architecture mlp = Mlp.of(List.of(3, 50, 2), new Layer.Relu(), true);
        FreeValues free = FreeValues.random(new Seed(4));
        double[] once = new Expansions(mlp, row(mlp), free)
                .widen(mlp.blocks().get(1), 200)
                .row();
        double[] twice = new Expansions(mlp, row(mlp), free)
                .widen(mlp.blocks().get(1), 200)
                .row();
        assertArrayEquals(once, twice);
        double squares = 0;
        for (int i = 150; i < 600; i++) {
            squares += once[i] * once[i] / 450;
        }
        assertEquals(1 / 3.0, squares, 0.1); // RandomParameters: one over the fan-in
    }

    @Test
    void whatCanNotGrowIsRefused() {
        Architecture mlp = Mlp.of(List.of(3, 5, 2), new Layer.Relu(), true);
        assertEquals(
                "block 'seq.1': its neurons have an identity, so that none can be added",
                refusal(() -> widened(mlp, "seq.1", 4)));
        assertEquals("block 'seq.0': expected a size above 5, got 5", refusal(() -> widened(mlp, "seq.0", 5)));
        assertEquals("no block 'x', expected one of input, seq.0, seq.1", refusal(() -> widened(mlp, "x", 5)));
        assertTrue(refusal(() -> widened(PAPER, "layers.0.q", 12)).contains("belongs to heads or groups"));
        assertTrue(refusal(() -> widened(PAPER, "embed", 12)).contains("reads all neurons of 'embed'"));
        assertTrue(refusal(() -> LayerInsertion.repeat(PAPER, row(PAPER), "layers.7"))
                .contains("no node"));
    }

    private static String refusal(Runnable doing) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, doing::run).getMessage());
    }
}
