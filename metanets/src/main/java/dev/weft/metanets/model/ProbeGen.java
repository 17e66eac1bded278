package dev.weft.metanets.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.weft.metanets.nn.Affine;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.Perceptron;
import dev.weft.metanets.nn.SeededInitializer;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.run.FunctionalNetwork;

/**
 * An output reader in the manner of ProbeGen (Kahana et al. 2025): p latent codes go through a shared deep linear
 * generator to p inputs, the network is run on them, and an MLP reads its outputs. It never looks at a weight, is
 * invariant to every symmetry of the function, and is the baseline to beat wherever a function is what is asked for.
 */
public final class ProbeGen extends Metanet {

    private final FunctionalNetwork target;
    private final Parameter codes;
    private final Affine first;
    private final Affine second;
    private final Perceptron reader;

    /**
     * Sizes; the defaults are the published ones.
     *
     * @param probes p
     * @param code width of a latent code and of the generator
     * @param hidden width of the reader
     * @param layers hidden layers of the reader
     * @param dropout probability behind each of them
     */
    public record Config(int probes, int code, int hidden, int layers, double dropout) implements MetanetConfig {

        /** 128 probes from codes of 32, a reader of five hidden layers of 256. */
        public static final Config DEFAULT = new Config(128, 32, 256, 5, 0);

        public Config {
            Bounds.width("probegen: probes", probes);
            Bounds.width("probegen: code", code);
            Bounds.width("probegen: hidden", hidden);
            Bounds.layers("probegen: layers", layers, 0);
            Bounds.dropout("probegen: dropout", dropout);
        }

        @Override
        public ProbeGen build(Architecture architecture, Normalization normalization, int outputs, Seed seed) {
            return new ProbeGen(this, architecture, outputs, seed);
        }
    }

    private ProbeGen(Config config, Architecture architecture, int outputs, Seed seed) {
        super(architecture, outputs);
        target = new FunctionalNetwork(architecture);
        codes = parameter(
                "codes", new Shape(config.probes, config.code), SeededInitializer.normal(seed.split("codes"), 1));
        first = addChildBlock("first", new Affine(config.code, config.code, seed.split("first")));
        second = addChildBlock("second", new Affine(config.code, architecture.inputSize(), seed.split("second")));
        int in = Math.multiplyExact(config.probes, architecture.outputSize());
        Seed split = seed.split("reader");
        reader = addChildBlock(
                "reader", Perceptron.of(in, config.hidden, config.layers, outputs, config.dropout, split));
    }

    @Override
    public NDArray forward(ForwardPass pass, NDArray rows) {
        NDArray inputs = second.forward(pass, first.forward(pass, pass.value(codes))); // [p, in]
        NDArray answers = target.forward(rows, inputs); // [b, p, out]
        return reader.forward(pass, answers.reshape(rows.getShape().get(0), -1));
    }
}
