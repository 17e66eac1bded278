package dev.weft.network.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.symmetry.RandomParameters;
import dev.weft.symmetry.SymmetryVerifier;
import dev.weft.symmetry.SymmetryVerifier.Settings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FamiliesTest {

    static List<String> names() {
        return Families.all().stream().map(Families.Family::name).toList();
    }

    /** Counts that the papers or the libraries publish. */
    @ParameterizedTest
    @CsvSource({
        "siren, 1185",
        "small-cnn-zoo, 4970",
        "vgg16, 138357544",
        "resnet18, 11689512",
        "resnet34, 21797672",
        "resnet50, 25557032",
        "vit-b16, 86567656",
        "gpt2, 124439808",
        "llama-1b, 1100048384",
        "llama-7b, 6738415616",
        "bert-base, 109482240"
    })
    void haveAsManyParametersAsPublished(String family, long count) {
        assertEquals(count, Families.named(family).published().get().trainableCount());
    }

    @ParameterizedTest
    @MethodSource("names")
    void keepTheirFunctionUnderEverySymmetryAndOnlyUnderThose(String family) {
        Architecture architecture = Families.named(family).small().get();
        double[] row = RandomParameters.row(architecture, new Seed(1));
        SymmetryVerifier.Report report = SymmetryVerifier.verify(architecture, row, new Seed(2), Settings.DEFAULT);
        assertTrue(report.passed(), () -> architecture + "\n" + report);
        assertTrue(report.checks().stream().anyMatch(check -> !check.symmetry()), report::toString);
    }

    @ParameterizedTest
    @MethodSource("names")
    void surviveTheRoundTripThroughJson(String family) throws FormatException {
        for (Architecture architecture : List.of(
                Families.named(family).published().get(),
                Families.named(family).small().get())) {
            Architecture read = Architecture.fromJson(architecture.toJson());
            assertEquals(architecture, read);
            assertEquals(architecture.parameters(), read.parameters());
            assertEquals(architecture.blocks(), read.blocks());
        }
    }

    @Test
    void bothNamingsOfAVisionTransformerAreTheSameNetwork() {
        Architecture timm = VisionTransformer.of(VisionTransformer.base16(VisionTransformer.Naming.TIMM));
        Architecture torchvision = VisionTransformer.of(VisionTransformer.base16(VisionTransformer.Naming.TORCHVISION));
        assertEquals(timm.parameterCount(), torchvision.parameterCount());
        assertTrue(names(timm).containsAll(List.of("cls_token", "blocks.0.attn.qkv.weight", "head.bias")));
        assertTrue(names(torchvision)
                .containsAll(List.of(
                        "class_token",
                        "encoder.layers.encoder_layer_0.self_attention.in_proj_weight",
                        "encoder.layers.encoder_layer_11.self_attention.in_proj_bias",
                        "heads.head.bias")));
    }

    private static List<String> names(Architecture architecture) {
        return architecture.parameters().stream().map(tensor -> tensor.name()).toList();
    }

    @Test
    void unknownFamiliesAreRefusedByName() {
        String message = assertThrows(IllegalArgumentException.class, () -> Families.named("alexnet"))
                .getMessage();
        assertTrue(message.startsWith("no family 'alexnet', expected one of mlp, siren, cnn,"), message);
    }
}
