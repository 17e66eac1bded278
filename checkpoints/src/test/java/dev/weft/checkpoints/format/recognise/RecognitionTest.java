package dev.weft.checkpoints.format.recognise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about files that are not as they should be, and about what the user adds. */
class RecognitionTest {

    private static final Path FIXTURES = Path.of("src/test/resources/recognise");

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("model.safetensors");
    }

    /** Copies a fixture with some tensors changed; no bytes means that a tensor is left out. */
    private void copy(String name, BiFunction<String, byte[], byte[]> change) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        try (Safetensors from = Safetensors.open(FIXTURES.resolve(name).resolve("model.safetensors"))) {
            for (NamedTensor tensor : from.tensors().values()) {
                ByteBuffer buffer = from.bytes(tensor.name());
                byte[] bytes = new byte[buffer.remaining()];
                buffer.get(bytes);
                byte[] changed = change.apply(tensor.name(), bytes);
                if (changed.length == bytes.length) {
                    writer.add(tensor.name(), tensor.dtype(), tensor.shape(), changed);
                } else if (changed.length > 0) {
                    writer.add(tensor.name(), tensor.dtype(), List.of((long) changed.length / 4), changed);
                }
            }
        }
        writer.write(file());
    }

    private void config(String text) throws IOException {
        Files.writeString(folder.resolve("config.json"), text);
    }

    /** Copies a fixture's configuration with one text in it replaced. */
    private void config(String name, String from, String to) throws IOException {
        String text = Files.readString(FIXTURES.resolve(name).resolve("config.json"));
        assertTrue(text.contains(from), text);
        config(text.replace(from, to));
    }

    private void assertRefused(String message) {
        assertRefused(message, Hints.NONE);
    }

    private void assertRefused(String message, Hints hints) {
        FormatException e = assertThrows(FormatException.class, () -> {
            try (NetworkFile network = NetworkFile.open(folder, hints)) {
                network.row();
            }
        });
        assertEquals(message, e.getMessage().replace(folder + "/", ""));
    }

    private static byte[] same(String name, byte[] bytes) {
        return bytes;
    }

    @Test
    void aMissingTensorIsNamed() throws IOException {
        copy("llama", (name, bytes) -> name.equals("model.layers.1.mlp.up_proj.weight") ? new byte[0] : bytes);
        config("llama", "\"llama\"", "\"llama\"");
        FormatException e = assertThrows(FormatException.class, () -> NetworkFile.open(folder));
        assertTrue(
                e.getMessage()
                        .startsWith(
                                file() + ": expected a tensor 'model.layers.1.mlp.up_proj.weight' [out, in], found ["),
                e.getMessage());
    }

    @Test
    void aWrongShapeIsNamed() throws IOException {
        copy("gpt2", (name, bytes) -> name.equals("transformer.h.1.mlp.c_fc.weight") ? new byte[48] : bytes);
        config("gpt2", "\"gpt2\"", "\"gpt2\"");
        assertRefused(
                "model.safetensors: tensor 'transformer.h.1.mlp.c_fc.weight': expected shape [in, out], found [12]");
        copy("resnet", (name, bytes) -> name.equals("layer2.0.bn1.bias") ? new byte[16] : bytes);
        Files.delete(folder.resolve("config.json"));
        assertRefused(
                "model.safetensors: tensor 'layer2.0.bn1.bias': expected shape [8] for ResNet (torchvision, timm),"
                        + " found [4]");
    }

    @Test
    void sizesThatNoLayerHasAreRefused() throws IOException {
        new SafetensorsWriter()
                .add("0.weight", List.of(4L, 3L, 1L, 1L), new float[12])
                .add("1.weight", List.of(3L, 2L, 1L, 1L), new float[6])
                .write(file());
        assertRefused(
                "model.safetensors: tensors of sizes that make no network of the family plain: convolution: groups"
                        + " must divide out, got 2 and 3");
    }

    @Test
    void valuesMustBeFinite() throws IOException {
        copy("gpt2", (name, bytes) -> {
            if (name.equals("transformer.ln_f.bias")) {
                ByteBuffer.wrap(bytes).putInt(8, 0x0000c07f); // NaN, little-endian
            }
            return bytes;
        });
        config("gpt2", "\"gpt2\"", "\"gpt2\"");
        assertRefused("model.safetensors: tensor 'transformer.ln_f.bias': expected finite values, found NaN at 2");
    }

    @Test
    void quantizedWeightsAreRefused() throws IOException {
        new SafetensorsWriter()
                .add("0.weight", Dtype.I8, List.of(2L, 3L), new byte[6])
                .add("0.bias", List.of(2L), new float[2])
                .write(file());
        assertRefused(
                "model.safetensors: tensor '0.weight': expected F32, F64, F16 or BF16, found I8; quantized weights"
                        + " are not read");
    }

    @Test
    void tiedTensorsMustBeTheSame() throws IOException {
        copy("gpt2", (name, bytes) -> {
            if (name.equals("lm_head.weight")) {
                bytes[4 * 20] ^= 1;
            }
            return bytes;
        });
        config("gpt2", "\"gpt2\"", "\"gpt2\"");
        FormatException e = assertThrows(FormatException.class, () -> {
            try (NetworkFile network = NetworkFile.open(folder)) {
                network.row();
            }
        });
        assertTrue(
                e.getMessage()
                        .startsWith(file()
                                + ": tensor 'lm_head.weight': expected the values of 'transformer.wte.weight', to"
                                + " which GPT-2 (Hugging Face) ties it, found "),
                e.getMessage());
        Files.delete(folder.resolve("config.json")); // nobody says that they are tied
        try (NetworkFile network = NetworkFile.open(folder, new Hints(null, null, null, null, 3, null, null, null))) {
            assertTrue(network.architecture().parameters().stream()
                    .anyMatch(parameter -> parameter.name().equals("lm_head.weight")));
        }
    }

    @Test
    void aConfigurationMustAgreeWithTheTensors() throws IOException {
        copy("llama", RecognitionTest::same);
        config("llama", "\"hidden_size\": 8", "\"hidden_size\": 4096");
        assertRefused("config.json: 'hidden_size': expected 8 as model.embed_tokens.weight has it, found 4096");
        config("llama", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 2147483647");
        assertRefused("config.json: 'num_hidden_layers': expected 2 as the number of blocks has it, found 2147483647");
        config("llama", "\"num_attention_heads\": 4", "\"num_attention_heads\": 5");
        assertRefused("model.safetensors: expected a number of heads that divides the width 16, found 5");
        config("llama", "\"vocab_size\": 11", "\"vocab_size\": 1.5");
        assertRefused("config.json: 'vocab_size': expected a whole number from 0 to 2147483647, found 1.5");
        config("llama", "\"rms_norm_eps\": 1e-06", "\"rms_norm_eps\": true");
        assertRefused("config.json: 'rms_norm_eps': expected a finite number, found true");
    }

    @Test
    void aMalformedConfigurationIsRefused() throws IOException {
        copy("llama", RecognitionTest::same);
        config("{\"model_type\": ");
        FormatException e = assertThrows(FormatException.class, () -> NetworkFile.open(folder));
        assertTrue(e.getMessage().startsWith(folder.resolve("config.json") + ": no JSON: "), e.getMessage());
        config("[1]");
        assertRefused("config.json: expected a JSON object");
        config("[".repeat(100_000));
        assertThrows(FormatException.class, () -> NetworkFile.open(folder));
        config("{\"model_type\": 3}");
        assertRefused("config.json: 'model_type': expected a text, found 3");
        config(" ".repeat(9 << 20));
        assertRefused("config.json: expected a configuration of at most 8388608 bytes, found 9437184");
    }

    @Test
    void aNetworkThatOnlyHasTheTensorsOfAnotherIsRefused() throws IOException {
        copy("gpt2", RecognitionTest::same);
        config("gpt2", "\"model_type\": \"gpt2\"", "\"model_type\": \"imagegpt\"");
        assertRefused("config.json: model_type 'imagegpt' has GPT-2's tensors, but may compute something else; run is"
                + " gpt2");
    }

    @Test
    void whatCannotBeRunIsRefusedByItsName() throws IOException {
        copy("llama", RecognitionTest::same);
        config("llama", "\"model_type\": \"llama\"", "\"model_type\": \"granite\"");
        assertRefused("config.json: model_type 'granite' has Llama's tensors, but may compute something else; run are"
                + " [gemma, gemma2, gemma3_text, llama, mistral, olmo2, qwen2, qwen3]");
        config("llama", "\"rope_type\": \"default\"", "\"rope_type\": \"yarn\"");
        assertRefused("config.json, rope_parameters: rotary positions of type 'yarn' (rope_type)");
        config("llama", "\"hidden_act\": \"silu\"", "\"hidden_act\": \"mish\"");
        assertRefused("config.json: activation 'mish' (hidden_act); read are gelu, gelu_fast, gelu_new,"
                + " gelu_pytorch_tanh, gelu_tanh, hardswish, leaky_relu, relu, relu6, sigmoid, silu, swish, tanh,"
                + " quick_gelu");
    }

    @Test
    void unknownFilesAreRefusedWithTheirTensors() throws IOException {
        new SafetensorsWriter().add("some.thing", List.of(2L), new float[2]).write(file());
        assertRefused("model.safetensors: no known family of networks has the tensors [some.thing]; an architecture in"
                + " JSON can say what the network is (--arch)");
        new SafetensorsWriter()
                .add("layers.0.blocks.0.attn.relative_position_bias_table", List.of(2L), new float[2])
                .write(file());
        assertRefused(
                "model.safetensors: not supported: attention in shifted windows with relative position bias (Swin)"
                        + " (tensor 'layers.0.blocks.0.attn.relative_position_bias_table')");
    }

    /** Writes a fixture's tensors under a prefix, and one more. */
    private void copyWith(String fixture, String prefix, String more) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        try (Safetensors from = Safetensors.open(FIXTURES.resolve(fixture).resolve("model.safetensors"))) {
            for (NamedTensor tensor : from.tensors().values()) {
                byte[] bytes = new byte[(int) tensor.byteLength()];
                from.bytes(tensor.name()).get(bytes);
                writer.add(prefix + tensor.name(), tensor.dtype(), tensor.shape(), bytes);
            }
        }
        writer.add(more, List.of(2L), new float[] {1, 2}).write(file());
    }

    @Test
    void unknownTensorsAreListed() throws IOException {
        copyWith("resnet", "", "extra.head");
        Recognition found = recognised(Hints.NONE);
        assertTrue(found.leftovers()
                .contains(new Leftover(
                        "extra.head", Leftover.Kind.UNKNOWN, "no part of the network that was recognised")));
        assertEquals(0.475, found.confidence(), 1e-12);
        assertTrue(found.reason().endsWith("; 1 of the file's tensors are no part of it"), found.reason());
    }

    @Test
    void blocksWithMoreThanTheFamilyKnowsAreRefused() throws IOException {
        copyWith("resnet", "", "layer1.0.se.conv.weight");
        assertRefused("model.safetensors: blocks of ResNet (torchvision, timm) that have tensors of their own, such as"
                + " 'layer1.0.se.conv.weight'");
    }

    /** As the first releases of GPT-2 and BERT are kept: names of the body alone, norms with gamma and beta. */
    @Test
    void publishedNamesOfTheFirstReleasesAreKnown() throws IOException {
        SafetensorsWriter gpt2 = new SafetensorsWriter();
        try (Safetensors from = Safetensors.open(FIXTURES.resolve("gpt2/model.safetensors"))) {
            for (String name : from.tensors().keySet()) {
                if (name.startsWith("transformer.")) {
                    gpt2.add(name.substring(12), from.tensor(name).shape(), from.floats(name));
                }
            }
        }
        gpt2.write(file());
        config("gpt2", "\"gpt2\"", "\"gpt2\"");
        assertEquals(
                List.of(8, 11),
                recognised(Hints.NONE).architecture().outputForm().shape());
        SafetensorsWriter bert = new SafetensorsWriter();
        try (Safetensors from = Safetensors.open(FIXTURES.resolve("bert-masked-words/model.safetensors"))) {
            for (String name : from.tensors().keySet()) {
                String old =
                        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta");
                bert.add(old, from.tensor(name).shape(), from.floats(name));
            }
        }
        bert.write(file());
        config("bert-masked-words", "\"bert\"", "\"bert\"");
        assertEquals(1, recognised(Hints.NONE).confidence());
    }

    @Test
    void prefixesDoNotMatter() throws IOException {
        Hints heads = new Hints(null, null, null, null, 2, null, null, null);
        try (NetworkFile plain = NetworkFile.open(FIXTURES.resolve("vit-timm"))) {
            for (String prefix : List.of("module.", "_orig_mod.", "state_dict.model.")) {
                copyWith("vit-timm", prefix, "optimizer.state.0.exp_avg");
                assertEquals(plain.architecture(), recognised(heads).architecture());
            }
        }
    }

    private void mlp(int... widths) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        for (int l = 1; l < widths.length; l++) {
            int in = widths[l - 1];
            int out = widths[l];
            writer.add("fc" + l + ".weight", List.of((long) out, (long) in), new float[out * in])
                    .add("fc" + l + ".bias", List.of((long) out), new float[out]);
        }
        writer.write(file());
    }

    private Recognition recognised(Hints hints) throws IOException {
        try (NetworkFile network = NetworkFile.open(folder, hints)) {
            return network.recognition();
        }
    }

    private static Hints activation(String activation) {
        return new Hints(null, null, null, activation, null, null, null, null);
    }

    private static Hints family(String name) {
        return new Hints(null, null, name, null, null, null, null, null);
    }

    @Test
    void anActivationMakesAPlainNetworkSure() throws IOException {
        mlp(6, 5, 3);
        Recognition guessed = recognised(Hints.NONE);
        assertEquals(Mlp.of(List.of(6, 5, 3), new Layer.Relu(), true), guessed.architecture());
        assertEquals(0.5, guessed.confidence());
        Recognition told = recognised(activation("tanh"));
        assertEquals(Mlp.of(List.of(6, 5, 3), new Layer.Tanh(), true), told.architecture());
        assertEquals(0.9, told.confidence());
    }

    @Test
    void aFewCoordinatesMakeASiren() throws IOException {
        mlp(2, 5, 1);
        assertEquals(Siren.of(List.of(2, 5, 1), 30, 0), recognised(Hints.NONE).architecture());
        assertEquals("mlp", recognised(family("plain")).architecture().family());
        assertEquals("mlp", recognised(activation("relu")).architecture().family());
    }

    @Test
    void aFamilyCanBeNamed() throws IOException {
        mlp(6, 5, 3);
        assertEquals("siren", recognised(family("siren")).architecture().family());
        String message = assertThrows(IllegalArgumentException.class, () -> recognised(family("swin")))
                .getMessage();
        assertTrue(message.startsWith("no family 'swin', expected one of [bert, convnext, "), message);
    }

    @Test
    void aGivenArchitectureFindsItsTensorsByName() throws IOException {
        mlp(6, 5, 3);
        Architecture given = Architecture.builder("mine", 6)
                .add("fc1", new Layer.Linear(6, 5, true))
                .add("act", new Layer.Sigmoid())
                .add("fc2", new Layer.Linear(5, 3, true))
                .build();
        assertEquals(given, recognised(Hints.of(given)).architecture());
        assertEquals(1, recognised(Hints.of(given)).confidence());
        Architecture other = Architecture.builder("mine", 6)
                .add("fc1", new Layer.Linear(6, 4, true))
                .build();
        assertRefused(
                "model.safetensors: tensor 'fc1.weight': expected shape [4, 6] for the given architecture, found [5, 6]",
                Hints.of(other));
    }

    /** An edited architecture keeps the layouts that its family knows of. */
    @Test
    void aGivenArchitectureKeepsTheLayouts() throws IOException {
        try (NetworkFile network = NetworkFile.open(FIXTURES.resolve("gpt-neox"))) {
            String edited = network.architecture().toJson().replace("\"gelu\"", "\"relu\"");
            Recognition found = NetworkFile.recognise(network.file(), Hints.of(Architecture.fromJson(edited)));
            assertFalse(found.placements().stream()
                    .allMatch(placement -> placement.layout().isSame()));
        }
    }

    /** Knows every file for something of its own. */
    private record Eager(String name, double confidence) implements Recogniser {
        @Override
        public Optional<Recognition> recognise(StateDict tensors) {
            Architecture architecture =
                    Architecture.builder(name, 1).add("act", new Layer.Relu()).build();
            return Optional.of(new Recognition(name, architecture, confidence, "why", List.of(), List.of()));
        }
    }

    private Recognition selected(Recogniser... recognisers) throws IOException {
        mlp(6, 5, 3);
        try (Safetensors tensors = Safetensors.open(file())) {
            return Selection.of(StateDict.of(tensors, Hints.NONE), List.of(recognisers));
        }
    }

    @Test
    void theSurestFamilyWins() throws IOException {
        assertEquals("b", selected(new Eager("a", 0.7), new Eager("b", 0.8)).family());
        assertEquals("a", selected(new Eager("a", 0.7), new Eager("a", 0.7)).family());
    }

    @Test
    void twoFamiliesThatMatchEquallyAreNamed() {
        String message = assertThrows(FormatException.class, () -> selected(new Eager("a", 0.7), new Eager("b", 0.7)))
                .getMessage();
        assertEquals(
                file() + ": two families match equally well, a (why) and b (why); name one of them (--as)", message);
    }
}
