package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Affine maps with ReLU between them, on the last axis; input [..., widths first], output [..., widths last]. */
public final class Perceptron extends WeightSpaceBlock {

    private final List<Affine> maps = new ArrayList<>();
    private final int out;
    private final float dropout;

    /**
     * @param widths input, hidden and output widths
     * @param dropout probability behind each ReLU
     */
    public Perceptron(List<Integer> widths, double dropout, Seed seed) {
        this.out = widths.get(widths.size() - 1);
        this.dropout = (float) dropout;
        for (int i = 0; i + 1 < widths.size(); i++) {
            maps.add(addChildBlock(Integer.toString(i), new Affine(widths.get(i), widths.get(i + 1), seed.split(i))));
        }
    }

    /** Makes one with {@code layers} hidden layers of one width. */
    public static Perceptron of(int in, int hidden, int layers, int out, double dropout, Seed seed) {
        List<Integer> widths = new ArrayList<>(Collections.nCopies(layers, hidden));
        widths.add(0, in);
        widths.add(out);
        return new Perceptron(widths, dropout, seed);
    }

    public NDArray forward(ForwardPass pass, NDArray x) {
        for (int i = 0; i < maps.size(); i++) {
            x = maps.get(i).forward(pass, x);
            if (i + 1 < maps.size()) {
                x = Functions.dropout(pass, Activation.relu(x), dropout);
            }
        }
        return x;
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, @Nullable PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        return new NDList(forward(new ForwardPass(store, x.getDevice(), training), x));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputs) {
        return new Shape[] {inputs[0].slice(0, inputs[0].dimension() - 1).add(out)};
    }
}
