package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.network.Attention;
import dev.weft.network.Form.Layout;

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
        double base = base(cos, sin, size, turned.interleaved());
        requireAngles(cos, sin, size, base, turned.interleaved());
        Attention.Rotary layer = new Attention.Rotary(size, base, turned.interleaved());
        return new Flow(call.drafts().add(call.hint(), layer, sample, flow.layer()), flow.view());
    }

    /** Returns the values [length, size] of a table, which must be the same for all heads and samples. */
    private static double[] table(Call call, Fixed given, Flow flow, int axis) {
        int last = flow.view().rank() - 1;
        Fixed table = given.expanded(Sizes.broadcast(given.shape(), flow.shape()));
        call.require(
                java.util.Arrays.equals(table.shape(), flow.shape()),
                "multiplies " + Descriptions.of(flow) + " by " + Descriptions.of(given));
        for (int i = last - 1; i >= 0; i--) {
            table = i == axis ? table : table.at(i, 0);
        }
        return call.arithmetic().values(table);
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

    private static void requireAngles(double[] cos, double[] sin, int size, double base, boolean interleaved) {
        for (int i = 0; i < cos.length; i++) {
            double angle = i / size * Math.pow(base, -2.0 * pair(i % size, size, interleaved) / size);
            if (!(Math.abs(cos[i] - Math.cos(angle)) < TOLERANCE && Math.abs(sin[i] - Math.sin(angle)) < TOLERANCE)) {
                throw new IllegalArgumentException("turns pair " + pair(i % size, size, interleaved) + " at position "
                        + i / size + " by cos " + (float) cos[i] + ", sin " + (float) sin[i]
                        + ", expected the angle " + (float) angle + " of a rotation with base " + (float) base);
            }
        }
    }
}
