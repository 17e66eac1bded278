package dev.weft.metanets.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.Perceptron;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.run.ParameterRows;
import java.util.List;

/**
 * An MLP on the flat row: the baseline that knows nothing of symmetry. The one metanet whose output changes when hidden
 * neurons are permuted.
 */
public final class FlatMlp extends Metanet {

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
        public static final Config DEFAULT = new Config(256, 3, 0.2);

        public Config {
            Bounds.width("mlp: hidden", hidden);
            Bounds.layers("mlp: layers", layers, 0);
            Bounds.dropout("mlp: dropout", dropout);
        }

        @Override
        public FlatMlp build(Architecture architecture, Normalization normalization, int outputs, Seed seed) {
            return new FlatMlp(this, architecture, normalization, outputs, seed);
        }
    }

    private FlatMlp(Config config, Architecture architecture, Normalization normalization, int outputs, Seed seed) {
        super(architecture, outputs);
        this.normalization = normalization;
        int in = Math.toIntExact(architecture.parameterCount());
        Seed split = seed.split("perceptron");
        perceptron = addChildBlock(
                "perceptron", Perceptron.of(in, config.hidden, config.layers, outputs, config.dropout, split));
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray rows) {
        List<NDArray> tensors = ParameterRows.split(architecture(), rows);
        NDList standardized = new NDList();
        for (int t = 0; t < tensors.size(); t++) {
            standardized.add(normalization.apply(t, tensors.get(t)));
        }
        return perceptron.forward(pass, ParameterRows.join(architecture(), standardized));
    }
}
