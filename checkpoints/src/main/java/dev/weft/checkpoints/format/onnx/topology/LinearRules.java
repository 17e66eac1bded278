package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Drafts.Draft;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Source.Stored;
import dev.weft.network.Embedding;
import dev.weft.network.Layer;
import java.util.Arrays;

/** Products with matrices: linear layers, outputs tied to tables of words, and the products inside attention. */
final class LinearRules {

    private LinearRules() {}

    static void register() {
        Rules.single("MatMul", LinearRules::product);
        Rules.single("Gemm", LinearRules::gemm);
    }

    private static Meaning product(Call call) {
        Meaning left = call.input(0);
        Meaning right = call.input(1);
        if (left instanceof Fixed a && right instanceof Fixed b) {
            return computed(call, a, b);
        }
        if (left instanceof Flow flow && right instanceof Fixed) {
            return linear(call, flow, weight(call, 1));
        }
        if (left instanceof Flow queries && right instanceof Flow keys) {
            return AttentionHeads.scores(call, queries, keys);
        }
        if (left instanceof Scores weights && right instanceof Flow values) {
            return AttentionHeads.attended(call, weights, values);
        }
        throw new IllegalArgumentException("multiplies " + Descriptions.of(left) + " by " + Descriptions.of(right)
                + ", expected a layer's output" + " by a matrix, or the products of attention");
    }

    private static Fixed weight(Call call, int input) {
        Fixed weight = call.parameter(input, call.fixed(input).shape());
        call.require(weight.rank() == 2, "multiplies by " + Descriptions.of(weight) + ", expected a matrix");
        return weight;
    }

    private static Meaning gemm(Call call) {
        call.require(call.real("alpha", 1) == 1 && call.real("beta", 1) == 1, "expected alpha and beta to be 1");
        call.requireInteger("transA", 0, 0);
        Fixed weight = weight(call, 1);
        boolean transposed = call.integer("transB", 0) != 0;
        Flow y = linear(call, call.flow(0), transposed ? weight.transposed(new int[] {1, 0}) : weight);
        if (!call.has(2)) {
            return y;
        }
        Fixed bias = call.parameter(2, call.fixed(2).shape());
        return Amendments.shifted(call, y, bias)
                .orElseThrow(() -> new IllegalArgumentException(
                        "adds " + Descriptions.of(bias) + " to " + Descriptions.of(y) + ", expected a bias"));
    }

    /**
     * Applies a linear layer.
     *
     * @param weight [in, out]; a transposed view of a tensor [out, in] becomes that tensor
     */
    private static Flow linear(Call call, Flow flow, Fixed weight) {
        int in = weight.shape()[0];
        int out = weight.shape()[1];
        Flow x = call.flows().onNeurons(flow, call.hint());
        Sample sample = call.flows().sample(x);
        call.require(
                sample.units() == in,
                "multiplies " + Descriptions.of(flow) + " by " + Descriptions.of(weight) + ", expected " + in
                        + " neurons");
        int tied = table(call, weight);
        if (tied >= 0) {
            Layer layer = new Embedding.TiedOutput(String.valueOf(tied));
            return call.flows().withNeurons(x, call.drafts().add(call.hint(), layer, sample.units(out), x.layer()));
        }
        Fixed columns = weight.transposed(new int[] {1, 0});
        boolean inputMajor = weight.contiguous() && !columns.contiguous();
        call.require(
                inputMajor || columns.contiguous(),
                "multiplies by parts of " + Descriptions.of(weight) + " side by side");
        Layer layer = inputMajor ? new Layer.InputMajorLinear(in, out, false) : new Layer.Linear(in, out, false);
        int made = call.drafts().add(call.hint(), layer, sample.units(out), x.layer());
        call.drafts().get(made).tensor("weight", inputMajor ? weight : columns);
        return call.flows().withNeurons(x, made);
    }

    /** Returns the table of words that a weight is, transposed; -1 if it is none. */
    private static int table(Call call, Fixed weight) {
        for (int i = 0; i < call.drafts().size(); i++) {
            Draft draft = call.drafts().get(i);
            if (draft.layer() instanceof Embedding.Lookup) {
                Fixed table = draft.only("weight");
                Fixed turned = table.transposed(new int[] {1, 0});
                if (((Stored) table.source()).equals(weight.source())
                        && Arrays.equals(turned.shape(), weight.shape())
                        && Arrays.equals(turned.strides(), weight.strides())) {
                    return i;
                }
            }
        }
        return -1;
    }

    /** Multiplies constants, the leading axes repeated as in broadcasting. */
    private static Fixed computed(Call call, Fixed a, Fixed b) {
        call.require(a.rank() >= 2 && b.rank() >= 2, "multiplies constants of rank " + a.rank() + " and " + b.rank());
        int rows = a.shape()[a.rank() - 2];
        int inner = a.shape()[a.rank() - 1];
        int columns = b.shape()[b.rank() - 1];
        call.require(b.shape()[b.rank() - 2] == inner, "multiplies matrices that do not fit");
        int[] outer = Sizes.broadcast(Arrays.copyOf(a.shape(), a.rank() - 2), Arrays.copyOf(b.shape(), b.rank() - 2));
        double[] left = call.arithmetic().values(a.expanded(with(outer, rows, inner)));
        double[] right = call.arithmetic().values(b.expanded(with(outer, inner, columns)));
        return call.arithmetic().make(a.kind(), with(outer, rows, columns), i -> {
            int matrix = i / columns / rows;
            int row = i / columns;
            int column = i % columns;
            double sum = 0;
            for (int k = 0; k < inner; k++) {
                sum += left[row * inner + k] * right[(matrix * inner + k) * columns + column];
            }
            return sum;
        });
    }

    private static int[] with(int[] outer, int rows, int columns) {
        int[] sizes = Arrays.copyOf(outer, outer.length + 2);
        sizes[outer.length] = rows;
        sizes[outer.length + 1] = columns;
        return sizes;
    }
}
