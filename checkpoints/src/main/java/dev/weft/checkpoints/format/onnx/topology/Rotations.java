package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.network.Attention;
import dev.weft.network.Form.Layout;
import java.util.Arrays;

/** Rotary positions as they are written out: x cos + turned x sin with tables of angles. */
final class Rotations {

    private static final double TOLERANCE = 1e-4;

    private Rotations() {}

    static Flow of(Call call, TurnTerm a, TurnTerm b) {
        TurnTerm straight = a.turn() == null ? a : b;
        Turned turned = a.turn() == null ? b.turn() : a.turn();
        TurnTerm across = straight == a ? b : a;
        if (turned == null || straight.turn() != null || !turned.flow().equals(straight.flow())) {
            throw new IllegalArgumentException(
                    "adds two products with constants, expected x cos + (x turned by a right angle) sin");
        }
        Flow flow = call.flows().sequence(straight.flow(), call.hint());
        Sample sample = call.flows().sample(flow);
        int last = flow.view().rank() - 1;
        int size = flow.shape()[last];
        int length = sample.positionCount();
        int axis = flow.view().axes().indexOf(View.all(Atom.FIRST, length));
        call.require(
                sample.layout() == Layout.SEQUENCE && length > 1 && axis >= 0 && axis < last,
                "turns " + Descriptions.of(flow) + " by position, expected a sequence of two or more");
        double[] cos = table(call, straight.table(), flow, axis);
        double[] sin = table(call, across.table(), flow, axis);
        Attention layer = layer(cos, sin, size, turned.interleaved());
        return new Flow(call.drafts().add(call.hint(), layer, sample, flow.layer()), flow.view());
    }

    /** Returns the values [length, size] of a table, which must be the same for all heads and samples. */
    private static double[] table(Call call, Fixed given, Flow flow, int axis) {
        int last = flow.view().rank() - 1;
        Fixed table = given.expanded(Sizes.broadcast(given.shape(), flow.shape()));
        call.require(
                Arrays.equals(table.shape(), flow.shape()),
                "multiplies " + Descriptions.of(flow) + " by " + Descriptions.of(given));
        for (int i = last - 1; i >= 0; i--) {
            table = i == axis ? table : table.at(i, 0);
        }
        return call.arithmetic().values(table);
    }

    private static Attention layer(double[] cos, double[] sin, int size, boolean interleaved) {
        double base = base(cos, sin, size, interleaved);
        int pairs = size / 2;
        double[] ofBase = new double[pairs];
        Arrays.setAll(ofBase, p -> Math.pow(base, -2.0 * p / size));
        if (mismatch(cos, sin, size, ofBase, interleaved) < 0) {
            return new Attention.Rotary(size, base, interleaved);
        }
        double[] frequencies = new double[pairs];
        for (int i = 0; i < size; i++) {
            frequencies[pair(i, size, interleaved)] = Math.atan2(sin[size + i], cos[size + i]); // at position 1
        }
        int wrong = mismatch(cos, sin, size, frequencies, interleaved);
        if (wrong >= 0) {
            throw new IllegalArgumentException("turns coordinate " + wrong % size + " of a head at position "
                    + wrong / size + " by cos " + (float) cos[wrong] + ", sin " + (float) sin[wrong]
                    + ", expected an angle that grows with the position");
        }
        return new Attention.Rotation(size, Arrays.stream(frequencies).boxed().toList(), interleaved);
    }

    private static int pair(int coordinate, int size, boolean interleaved) {
        return interleaved ? coordinate / 2 : coordinate % (size / 2);
    }

    /** Returns the base from the slowest pair, whose angle tells it best. */
    private static double base(double[] cos, double[] sin, int size, boolean interleaved) {
        if (size == 2) {
            return 10_000; // there is one frequency, 1, whatever the base
        }
        int slowest = size - 1;
        double angle = Math.atan2(sin[size + slowest], cos[size + slowest]);
        double exponent = -2.0 * pair(slowest, size, interleaved) / size;
        double base = Math.pow(angle, 1 / exponent);
        double near = Math.rint(base);
        return Math.abs(base - near) < TOLERANCE * base ? near : base;
    }

    /** Returns where a table has another angle than position times frequency, or -1. */
    private static int mismatch(double[] cos, double[] sin, int size, double[] frequencies, boolean interleaved) {
        for (int i = 0; i < cos.length; i++) {
            double angle = i / size * frequencies[pair(i % size, size, interleaved)];
            if (!(Math.abs(cos[i] - Math.cos(angle)) < TOLERANCE && Math.abs(sin[i] - Math.sin(angle)) < TOLERANCE)) {
                return i;
            }
        }
        return -1;
    }
}
