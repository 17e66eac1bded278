package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.network.NeuronBlock;
import dev.weft.network.Seed;
import dev.weft.network.run.Constants;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Encodes neurons as node states (Kofinas et al. 2024): Gaussian Fourier features of the bias (0 for inputs), an affine
 * map, plus the neuron's values over the probes, another affine map, plus a positional embedding: one for each input, one
 * for each hidden block, one for each output.
 *
 * <p>Input: biases [b, n] and, with p probes, one array [b, size, p] a block of neurons; output [b, n, d].
 */
public final class NodeEncoder extends WeightSpaceBlock {

    private static final float EPSILON = 1e-5f;

    private final GraphLayout layout;
    private final int hidden;
    private final @Nullable Parameter frequency;
    private final Affine first;
    private final Affine second;
    private final Parameter position;
    private final List<Probe> probes = new ArrayList<>();

    /**
     * @param frequencies number of Fourier frequencies, 0 for none
     * @param scale deviation of the frequencies
     * @param hidden d
     * @param probeCount p, 0 for none
     */
    public NodeEncoder(GraphLayout layout, int frequencies, double scale, int hidden, int probeCount, Seed seed) {
        this.layout = layout;
        this.hidden = hidden;
        frequency = frequencies == 0
                ? null
                : constant(
                        "frequency",
                        new Shape(frequencies, 1),
                        SeededInitializer.normal(seed.split("frequency"), scale));
        first = addChildBlock("first", new Affine(frequencies == 0 ? 1 : 2 * frequencies, hidden, seed.split("first")));
        second = addChildBlock("second", new Affine(hidden, hidden, seed.split("second")));
        position = parameter(
                "position", new Shape(positions(), hidden), SeededInitializer.normal(seed.split("position"), 1));
        if (probeCount > 0) {
            for (NeuronBlock block : layout.graph().blocks()) {
                Seed split = seed.split("probe").split(block.index());
                probes.add(addChildBlock("probe" + block.index(), new Probe(probeCount, hidden, split)));
            }
        }
    }

    /** The map of one block's probe values: affine, then layer norm; [b, size, p] to [b, size, d]. */
    private static final class Probe extends WeightSpaceBlock {
        private final int hidden;
        private final Affine map;
        private final Parameter gain;
        private final Parameter shift;

        Probe(int probeCount, int hidden, Seed seed) {
            this.hidden = hidden;
            map = addChildBlock("map", new Affine(probeCount, hidden, seed));
            gain = parameter("gain", new Shape(hidden), SeededInitializer.constant(1));
            shift = parameter("shift", new Shape(hidden), SeededInitializer.constant(0));
        }

        NDArray forward(ForwardPass pass, NDArray values) {
            return LayerNorm.layerNorm(
                            map.forward(pass, values), new Shape(hidden), pass.value(gain), pass.value(shift), EPSILON)
                    .singletonOrThrow();
        }

        @Override
        protected NDList forwardInternal(
                ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
            NDArray x = inputs.singletonOrThrow();
            return new NDList(forward(new ForwardPass(store, x.getDevice(), training), x));
        }

        @Override
        public Shape[] getOutputShapes(Shape[] inputs) {
            return map.getOutputShapes(inputs);
        }
    }

    /**
     * Encodes neurons.
     *
     * @param biases standardised [b, n], 0 where a neuron has none
     * @param responses raw probe values [b, size, p] of each block, empty without probes
     * @return [b, n, d]
     */
    public NDArray forward(ForwardPass pass, NDArray biases, List<NDArray> responses) {
        NDArray x = first.forward(pass, features(pass, biases.expandDims(-1)));
        if (!probes.isEmpty()) {
            NDList encoded = new NDList();
            for (int i = 0; i < probes.size(); i++) {
                encoded.add(probes.get(i).forward(pass, responses.get(i)));
            }
            x = x.add(Functions.concat(encoded, 1));
        }
        NDArray rows = membership(x).matMul(pass.value(position)); // [n, d]
        return second.forward(pass, x).add(rows);
    }

    private NDArray features(ForwardPass pass, NDArray value) {
        if (frequency == null) {
            return value;
        }
        NDArray angle = value.mul(Constants.of(value, 2 * Math.PI))
                .mul(pass.value(frequency).reshape(1, 1, -1));
        return Functions.concat(new NDList(angle.cos(), angle.sin()), 2);
    }

    private int positions() {
        return layout.graph().blocks().stream()
                .mapToInt(block -> block.permutable() ? 1 : block.size())
                .sum();
    }

    /** Which position each neuron has, as rows of 0 and 1: [n, positions]. */
    private NDArray membership(NDArray like) {
        int positions = positions();
        float[] ones = new float[layout.nodes() * positions];
        int position = 0;
        for (NeuronBlock block : layout.graph().blocks()) {
            for (int i = 0; i < block.size(); i++) {
                int row = layout.offset(block) + i;
                ones[row * positions + position] = 1;
                position += block.permutable() ? 0 : 1;
            }
            position += block.permutable() ? 1 : 0;
        }
        return like.getManager()
                .create(ones, new Shape(layout.nodes(), positions))
                .toDevice(like.getDevice(), false)
                .toType(like.getDataType(), false);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        ForwardPass pass = new ForwardPass(store, inputs.head().getDevice(), training);
        return new NDList(forward(pass, inputs.head(), inputs.subNDList(1)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {inputs[0].add(hidden)};
    }
}
