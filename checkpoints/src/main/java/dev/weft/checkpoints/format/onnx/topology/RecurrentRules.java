package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.OnnxAttribute;
import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Form.Layout;
import dev.weft.network.Layer;
import dev.weft.network.Recurrence;
import dev.weft.network.Reshaping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Recurrent layers. ONNX puts the gates in other orders than PyTorch: z, r, h for r, z, n, and i, o, f, c for i, f, g, o; the
 * rows of the tensors are mapped one by one.
 */
final class RecurrentRules {

    private static final int[] GRU_GATES = {1, 0, 2}; // ONNX's place of each of ours
    private static final int[] LSTM_GATES = {0, 2, 3, 1};
    private static final int[] ONE_GATE = {0};

    private RecurrentRules() {}

    static void register() {
        Rules.several("RNN", RecurrentRules::rnn);
        Rules.several("GRU", RecurrentRules::gru);
        Rules.several("LSTM", RecurrentRules::lstm);
    }

    private static List<Meaning> rnn(Call call) {
        boolean relu = activations(call, List.of("Relu")) && call.attribute("activations") != null;
        call.require(relu || activations(call, List.of("Tanh")), "activations other than Tanh and Relu");
        return recurrent(call, ONE_GATE, (in, size, bias) -> new Recurrence.Rnn(in, size, 1, bias, relu));
    }

    private static List<Meaning> gru(Call call) {
        call.require(activations(call, List.of("Sigmoid", "Tanh")), "activations other than Sigmoid and Tanh");
        call.requireInteger("linear_before_reset", 1, 0);
        return recurrent(call, GRU_GATES, (in, size, bias) -> new Recurrence.Gru(in, size, 1, bias));
    }

    private static List<Meaning> lstm(Call call) {
        call.require(
                activations(call, List.of("Sigmoid", "Tanh", "Tanh")), "activations other than Sigmoid, Tanh and Tanh");
        call.requireInteger("input_forget", 0, 0);
        call.require(!call.has(7), "peepholes");
        call.require(!call.has(6) || isZero(call, 6), "a cell state at the start, expected none");
        return recurrent(call, LSTM_GATES, (in, size, bias) -> new Recurrence.Lstm(in, size, 1, bias));
    }

    private static boolean activations(Call call, List<String> expected) {
        OnnxAttribute given = call.attribute("activations");
        return given == null
                || (given instanceof OnnxAttribute.Texts texts && texts.values().equals(expected));
    }

    /** Makes a layer of one direction and one layer. */
    @FunctionalInterface
    private interface Maker {
        Layer of(int in, int size, boolean bias);
    }

    private static List<Meaning> recurrent(Call call, int[] gates, Maker maker) {
        call.require(
                call.text("direction", "forward").equals("forward"),
                "direction '" + call.text("direction", "forward") + "', expected forward");
        call.require(call.attribute("clip") == null, "clips its values");
        call.requireInteger("layout", 0, 0);
        Flow x = call.flows().sequence(call.flow(0), call.hint());
        Sample sample = call.flows().sample(x);
        int length = sample.positionCount();
        List<List<Factor>> expected =
                List.of(View.all(Atom.FIRST, length), View.all(Atom.BATCH, call.batch()), sample.unitAxis());
        call.require(
                sample.layout() == Layout.SEQUENCE && x.view().axes().equals(expected),
                "reads " + Descriptions.of(x) + ", expected a sequence [length, batch, neurons]");
        requireWholeSequences(call, length);
        int size = call.input(2).shape()[Sizes.axis(-1, call.input(2).shape().length)];
        int layer = call.drafts()
                .add(
                        call.hint(),
                        maker.of(sample.units(), size, call.has(3)),
                        sample.units(size),
                        inputs(call, x, size));
        tensors(call, layer, gates, sample.units(), size);
        View states = x.view().with(2, View.all(Atom.UNIT, size)).inserted(1, List.of());
        Flow all = new Flow(layer, states);
        int last = call.flows()
                .shared(
                        layer,
                        call.hint(),
                        new Reshaping.Position(-1),
                        sample.units(size).as(Layout.VECTOR));
        return List.of(all, new Flow(last, states.without(0)));
    }

    private static void requireWholeSequences(Call call, int length) {
        if (call.has(4)) {
            for (int given : call.integers(4)) {
                call.require(
                        given == length, "sequences of length " + given + " of " + length + ", expected whole ones");
            }
        }
    }

    private static boolean isZero(Call call, int input) {
        return call.input(input) instanceof Fixed fixed
                && call.arithmetic().uniform(fixed)
                && call.arithmetic().first(fixed) == 0;
    }

    /** Returns the sequence and, if it is not zero, the state at the start. */
    private static Integer[] inputs(Call call, Flow x, int size) {
        if (!call.has(5) || isZero(call, 5)) {
            return new Integer[] {x.layer()};
        }
        Flow start = call.flows().settled(call.flow(5), call.hint());
        Sample sample = call.flows().sample(start);
        call.require(
                sample.layout() == Layout.VECTOR
                        && sample.units() == size
                        && start.view()
                                .run(0, 3)
                                .equals(sample.view(call.batch()).run(0, 2)),
                "starts from " + Descriptions.of(start) + ", expected one vector a sample");
        return new Integer[] {x.layer(), start.layer()};
    }

    private static void tensors(Call call, int layer, int[] gates, int in, int size) {
        Drafts.Draft draft = call.drafts().get(layer);
        requireShape(call, 1, 1, gates.length * size, in);
        requireShape(call, 2, 1, gates.length * size, size);
        draft.tensor("weight_ih_l0", rows(call, 1, gates, 0, size));
        draft.tensor("weight_hh_l0", rows(call, 2, gates, 0, size));
        if (call.has(3)) {
            requireShape(call, 3, 1, 2 * gates.length * size);
            draft.tensor("bias_ih_l0", rows(call, 3, gates, 0, size));
            draft.tensor("bias_hh_l0", rows(call, 3, gates, gates.length, size));
        }
    }

    private static void requireShape(Call call, int input, int... shape) {
        int[] found = call.input(input).shape();
        call.require(
                Arrays.equals(found, shape),
                "expected input " + input + " to have shape " + Arrays.toString(shape) + ", found "
                        + Arrays.toString(found));
    }

    /** Returns runs of {@code size} rows of a tensor [1, rows, ...], in PyTorch's order of gates. */
    private static Fixed[] rows(Call call, int input, int[] gates, int first, int size) {
        List<Fixed> rows = new ArrayList<>();
        for (int gate : gates) {
            rows.addAll(run(call.input(input), (first + gate) * size, size));
        }
        return rows.toArray(Fixed[]::new);
    }

    private static List<Fixed> run(Meaning meaning, int from, int count) {
        if (meaning instanceof Fixed fixed && fixed.parameter()) {
            return List.of(fixed.at(0, 0).sliced(0, from, count, 1));
        }
        List<Fixed> rows = new ArrayList<>();
        if (meaning instanceof Joined joined && joined.axis() == 1) {
            int start = 0;
            for (Fixed part : joined.parts()) {
                int size = part.shape()[1];
                int first = Math.max(from, start);
                int last = Math.min(from + count, start + size);
                if (first < last) {
                    rows.add(part.at(0, 0).sliced(0, first - start, last - first, 1));
                }
                start += size;
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(
                    "expected tensors of the file as weights, found " + Descriptions.of(meaning));
        }
        return rows;
    }
}
