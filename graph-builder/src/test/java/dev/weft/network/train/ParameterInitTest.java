package dev.weft.network.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Recurrence;
import dev.weft.network.Seed;
import dev.weft.network.family.Families;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.PlainCnn;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterInitTest {

    private static float[] tensor(Architecture network, float[] row, String name) {
        ParameterTensor tensor = network.parameters().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        return Arrays.copyOfRange(row, (int) tensor.offset(), (int) tensor.end());
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(float[] values) {
        double squares = 0;
        for (float value : values) {
            squares += (double) value * value;
        }
        return Math.sqrt(squares / values.length);
    }

    private static double largest(float[] values) {
        double largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** Uniform on both sides of 0: bound, mean and deviation within five standard errors. */
    private static void assertUniform(double bound, float[] values) {
        double error = 5 / Math.sqrt(values.length);
        assertTrue(largest(values) <= bound, "beyond the bound " + bound + ": " + largest(values));
        assertTrue(largest(values) > bound * (1 - 2 * error), "far from the bound " + bound + ": " + largest(values));
        assertEquals(0, mean(values), bound * error);
        assertEquals(bound / Math.sqrt(3), deviation(values), bound * error);
    }

    private static void assertNormal(double deviation, float[] values) {
        double error = 5 / Math.sqrt(values.length);
        assertEquals(0, mean(values), deviation * error);
        assertEquals(deviation, deviation(values), deviation * error);
        assertTrue(largest(values) > 2.5 * deviation, "no tails");
    }

    private static void assertAll(float expected, float[] values) {
        for (float value : values) {
            assertEquals(expected, value);
        }
    }

    @Test
    void drawsConvolutionsAndLinearLayersAsPyTorchDoes() {
        Architecture network = PlainCnn.nino(new Input.Image(1, 28, 28), List.of(16, 32, 32), 10);
        float[] row = ParameterInit.TORCH.draw(network, new Seed(3));
        assertEquals(14_378, row.length);
        assertUniform(1 / 3.0, tensor(network, row, "conv.0.weight")); // 1 x 3 x 3 inputs
        assertUniform(1 / 12.0, tensor(network, row, "conv.1.weight")); // 16 x 3 x 3
        assertUniform(1 / Math.sqrt(288), tensor(network, row, "conv.2.weight"));
        assertUniform(1 / Math.sqrt(32), tensor(network, row, "classifier.weight"));
        assertTrue(largest(tensor(network, row, "conv.1.bias")) <= 1 / 12.0);
        assertTrue(largest(tensor(network, row, "conv.1.bias")) > 0.5 / 12.0);
    }

    @Test
    void countsTheInputsOfAGroup() {
        Architecture network = Architecture.builder("grouped", new Input.Image(8, 9, 9))
                .add("conv", Convolution.grouped(8, 64, 5, 1, 0, 4, true))
                .build();
        float[] row = ParameterInit.TORCH.draw(network, new Seed(3));
        assertUniform(1 / Math.sqrt(2 * 25), tensor(network, row, "conv.weight"));
    }

    @Test
    void drawsEmbeddingsAndNormsAsPyTorchDoes() {
        Architecture network =
                Gpt2.of(new Gpt2.Config(new Input.Tokens(67, 32), 48, 3, 4, true, false, new Layer.GeluTanh()));
        float[] row = ParameterInit.TORCH.draw(network, new Seed(4));
        assertNormal(1, tensor(network, row, "transformer.wte.weight"));
        assertNormal(1, tensor(network, row, "transformer.wpe.weight"));
        assertAll(1, tensor(network, row, "transformer.h.1.ln_2.weight"));
        assertAll(0, tensor(network, row, "transformer.ln_f.bias"));
        assertUniform(1 / Math.sqrt(48), tensor(network, row, "transformer.h.0.attn.c_attn.weight"));
        assertUniform(1 / Math.sqrt(192), tensor(network, row, "transformer.h.2.mlp.c_proj.weight"));
    }

    @Test
    void drawsTransformersAsGpt2Begins() {
        Architecture network =
                Gpt2.of(new Gpt2.Config(new Input.Tokens(67, 32), 48, 3, 4, true, true, new Layer.GeluTanh()));
        float[] row = ParameterInit.GPT2.draw(network, new Seed(4));
        assertNormal(0.02, tensor(network, row, "transformer.wte.weight"));
        assertNormal(0.02, tensor(network, row, "transformer.h.1.attn.c_attn.weight"));
        assertNormal(0.02 / Math.sqrt(6), tensor(network, row, "transformer.h.1.attn.c_proj.weight"));
        assertNormal(0.02 / Math.sqrt(6), tensor(network, row, "transformer.h.2.mlp.c_proj.weight"));
        assertAll(0, tensor(network, row, "transformer.h.0.attn.c_attn.bias"));
        assertAll(1, tensor(network, row, "transformer.ln_f.weight"));
    }

    @Test
    void drawsRecurrentLayersByTheirState() {
        Architecture network = Architecture.builder("gru", new Input.Sequence(4, 3))
                .add("gru", new Recurrence.Gru(3, 25, 1, true))
                .build();
        float[] row = ParameterInit.TORCH.draw(network, new Seed(4));
        assertUniform(0.2, tensor(network, row, "gru.weight_ih_l0"));
        assertUniform(0.2, tensor(network, row, "gru.weight_hh_l0"));
    }

    @Test
    void knowsTheOwnerOfEveryTensorOfEveryFamily() {
        for (Families.Family family : Families.all()) {
            Architecture network = family.small().get();
            for (ParameterInit init : ParameterInit.values()) {
                float[] row = init.draw(network, new Seed(1));
                for (ParameterTensor tensor : network.parameters()) {
                    boolean isOne = tensor.name().endsWith("running_var");
                    if (isOne || tensor.name().endsWith("running_mean")) {
                        assertAll(isOne ? 1 : 0, tensor(network, row, tensor.name()));
                    }
                }
            }
        }
    }

    @Test
    void dependsOnTheSeedAndTheTensorAlone() {
        Architecture one = PlainCnn.nino(new Input.Image(1, 28, 28), List.of(16, 32, 32), 10);
        Architecture other = PlainCnn.nino(new Input.Image(1, 8, 8), List.of(16, 32, 32, 8), 10);
        float[] row = ParameterInit.TORCH.draw(one, new Seed(3));
        assertArrayEquals(row, ParameterInit.TORCH.draw(one, new Seed(3)));
        assertNotEquals(row[0], ParameterInit.TORCH.draw(one, new Seed(4))[0]);
        assertArrayEquals(
                tensor(one, row, "conv.2.weight"),
                tensor(other, ParameterInit.TORCH.draw(other, new Seed(3)), "conv.2.weight"));
    }
}
