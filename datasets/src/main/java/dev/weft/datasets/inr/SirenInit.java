package dev.weft.datasets.inr;

import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws the parameters that a fit starts from; each tensor has its own stream of the seed. */
final class SirenInit {

    private SirenInit() {}

    /** Returns one row of P values. */
    static float[] draw(InrRecipe recipe, Architecture architecture, Seed seed) {
        float[] row = new float[Math.toIntExact(architecture.parameterCount())];
        List<ParameterTensor> tensors = architecture.parameters();
        for (int t = 0; t < tensors.size(); t += 2) { // weight and bias take turns
            ParameterTensor weight = tensors.get(t);
            int layer = t / 2;
            boolean last = t + 2 == tensors.size();
            int in = weight.shape().get(1);
            fill(row, weight, weightBound(recipe, layer, last, in), seed);
            fill(row, tensors.get(t + 1), biasBound(recipe, last, in), seed);
        }
        return row;
    }

    private static double weightBound(InrRecipe recipe, int layer, boolean last, int in) {
        double hiddenBound = Math.sqrt(6.0 / in) / recipe.w0();
        return switch (recipe.scheme()) {
            case DWS -> last ? torchBound(in) : hiddenBound;
            case SIREN -> layer == 0 ? 1.0 / in : hiddenBound;
        };
    }

    private static double biasBound(InrRecipe recipe, boolean last, int in) {
        return recipe.scheme() == InrRecipe.Scheme.DWS && !last ? 0 : torchBound(in);
    }

    /** PyTorch draws weights and biases of a linear layer from U(&plusmn;1 / sqrt(in)). */
    private static double torchBound(int in) {
        return 1 / Math.sqrt(in);
    }

    private static void fill(float[] row, ParameterTensor tensor, double bound, Seed seed) {
        RandomGenerator random = seed.split(tensor.name()).random();
        for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
            row[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
    }
}
