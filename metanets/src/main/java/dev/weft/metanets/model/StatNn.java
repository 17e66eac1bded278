package dev.weft.metanets.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.Perceptron;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.run.Constants;
import dev.weft.network.run.ParameterRows;
import java.util.List;

/**
 * StatNN (Unterthiner et al. 2020, "Predicting neural network accuracy from weights"): mean, variance and five quantiles
 * of each tensor, read by an MLP. Cheap, invariant, and strong where a network's quality is asked for.
 *
 * <p>The statistics are of the standardised tensors, so that their scale suits the MLP. A tensor of one value has
 * variance 0.
 */
public final class StatNn extends Metanet {

    private static final double[] QUANTILES = {0, 0.25, 0.5, 0.75, 1};
    private static final int STATISTICS = 2 + QUANTILES.length;

    private final Normalization normalization;
    private final Perceptron perceptron;

    /**
     * Sizes.
     *
     * @param hidden width of the hidden layers
     * @param layers number of hidden layers
     * @param dropout probability behind each hidden layer
     */
    public record Config(int hidden, int layers, double dropout) implements MetanetConfig {

        /** Three hidden layers of 256. */
        public static final Config DEFAULT = new Config(256, 3, 0.1);

        public Config {
            Bounds.width("statnn: hidden", hidden);
            Bounds.layers("statnn: layers", layers, 0);
            Bounds.dropout("statnn: dropout", dropout);
        }

        @Override
        public StatNn build(Architecture architecture, Normalization normalization, int outputs, Seed seed) {
            return new StatNn(this, architecture, normalization, outputs, seed);
        }
    }

    private StatNn(Config config, Architecture architecture, Normalization normalization, int outputs, Seed seed) {
        super(architecture, outputs);
        this.normalization = normalization;
        int in = STATISTICS * architecture.parameters().size();
        Seed split = seed.split("perceptron");
        perceptron = addChildBlock(
                "perceptron", Perceptron.of(in, config.hidden, config.layers, outputs, config.dropout, split));
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray rows) {
        return perceptron.forward(pass, statistics(rows));
    }

    /** Returns mean, unbiased variance and quantiles of each tensor of rows [b, P], as [b, 7 tensors]. */
    NDArray statistics(NDArray rows) {
        List<NDArray> tensors = ParameterRows.split(architecture(), rows);
        NDList all = new NDList();
        for (int t = 0; t < tensors.size(); t++) {
            NDArray values = normalization.apply(t, tensors.get(t));
            add(values.reshape(rows.getShape().get(0), -1), all);
        }
        return all.get(0).getNDArrayInternal().concat(all.subNDList(1), 1);
    }

    private static void add(NDArray values, NDList all) {
        long size = values.getShape().get(1);
        NDArray mean = values.mean(new int[] {1}, true);
        all.add(mean);
        all.add(values.sub(mean).square().sum(new int[] {1}, true).div(Constants.of(values, Math.max(1, size - 1))));
        all.add(values.sort(1).matMul(interpolation(values, Math.toIntExact(size))));
    }

    /** The matrix [size, 5] that turns sorted values into linearly interpolated quantiles. */
    private static NDArray interpolation(NDArray like, int size) {
        float[] matrix = new float[size * QUANTILES.length];
        for (int q = 0; q < QUANTILES.length; q++) {
            double place = QUANTILES[q] * (size - 1);
            int below = (int) Math.floor(place);
            int above = Math.min(below + 1, size - 1);
            matrix[below * QUANTILES.length + q] += (float) (1 - (place - below));
            matrix[above * QUANTILES.length + q] += (float) (place - below);
        }
        return like.getManager()
                .create(matrix, new Shape(size, QUANTILES.length))
                .toDevice(like.getDevice(), false)
                .toType(like.getDataType(), false);
    }
}
