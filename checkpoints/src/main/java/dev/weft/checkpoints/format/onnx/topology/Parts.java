package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Form.Layout;
import dev.weft.network.Layer;
import dev.weft.network.Reshaping;
import java.util.List;

/** Takes some indices along an axis of what depends on the input: neurons, positions, or coordinates of heads. */
final class Parts {

    private Parts() {}

    /**
     * Returns indices from, from + step, ... of an axis.
     *
     * @param count how many
     */
    static Meaning of(Call call, Flow given, int axis, int from, int count, int step) {
        int size = given.shape()[axis];
        if (count == size && step == 1) {
            return given;
        }
        Flow flow = call.flows().movable(given, call.hint());
        List<Factor> factors = flow.view().axis(axis);
        call.require(factors.size() == 1, refusal(flow, axis, from, count, step));
        Factor factor = factors.get(0);
        Sample sample = call.flows().sample(flow);
        boolean none = count == 0 && axis == flow.view().rank() - 1;
        if (none || isCoordinate(flow, sample, axis, factor)) {
            return new HeadPart(flow, from, count, step, false, false);
        }
        if (factor.atom() == Atom.UNIT && factor.size() * factor.stride() == sample.units() && step == 1) {
            return neurons(call, flow, axis, factor, from, count);
        }
        boolean positions = (factor.atom() == Atom.FIRST || factor.atom() == Atom.SECOND)
                && factor.stride() == 1
                && factor.size() == sample.positions().get(factor.atom() == Atom.FIRST ? 0 : 1)
                && step == 1;
        call.require(positions, refusal(flow, axis, from, count, step));
        return sample.layout() == Layout.MAP
                ? crop(call, flow, axis, factor.atom(), from, count)
                : positions(call, flow, axis, from, count);
    }

    /** Whether an axis counts the coordinates of heads: of several, or of one that has an axis of its own. */
    private static boolean isCoordinate(Flow flow, Sample sample, int axis, Factor factor) {
        boolean heads =
                factor.size() < sample.units() || (flow.view().rank() > 3 && sample.layout() == Layout.SEQUENCE);
        return factor.atom() == Atom.UNIT
                && factor.stride() == 1
                && axis == flow.view().rank() - 1
                && heads;
    }

    private static String refusal(Flow flow, int axis, int from, int count, int step) {
        return "takes " + count + " indices from " + from + (step == 1 ? "" : " by steps of " + step) + " along axis "
                + axis + " of " + flow.view() + ", expected a run of neurons or of positions";
    }

    private static Flow neurons(Call call, Flow flow, int axis, Factor factor, int from, int count) {
        Sample sample = call.flows().sample(flow);
        int width = factor.stride();
        int layer = call.flows()
                .shared(
                        flow.layer(),
                        call.hint(),
                        new Reshaping.Slice(from * width, (from + count) * width),
                        sample.units(count * width));
        return new Flow(layer, flow.formula(), flow.view().with(axis, List.of(new Factor(Atom.UNIT, count, width))));
    }

    private static Flow positions(Call call, Flow flow, int axis, int from, int count) {
        Sample sample = call.flows().sample(flow);
        int length = sample.positions().get(0);
        boolean one = count == 1 && sample.layout() == Layout.SEQUENCE;
        Layer layer = one
                ? new Reshaping.Position(from == length - 1 ? -1 : from)
                : new Reshaping.Positions(from, from + count);
        call.require(
                one && (from == 0 || from == length - 1) || !call.drafts().openLength(),
                "takes positions [" + from + ", " + (from + count)
                        + ") of a text of any length, expected the first or the last");
        Sample part = one ? sample.as(Layout.VECTOR) : sample.as(sample.layout(), count);
        int made = call.flows().shared(flow.layer(), call.hint(), layer, part);
        return new Flow(made, flow.formula(), flow.view().with(axis, View.all(Atom.FIRST, count)));
    }

    private static Flow crop(Call call, Flow flow, int axis, Atom atom, int from, int count) {
        Sample sample = call.flows().sample(flow);
        boolean rows = atom == Atom.FIRST;
        int size = sample.positions().get(rows ? 0 : 1);
        call.require(
                sample.positions().size() == 2 && from + count == size,
                "takes " + (rows ? "rows" : "columns") + " [" + from + ", " + (from + count) + ") of " + size
                        + ", expected all from some on");
        Sample part = rows
                ? sample.as(Layout.MAP, count, sample.positions().get(1))
                : sample.as(Layout.MAP, sample.positions().get(0), count);
        int made = call.flows()
                .shared(flow.layer(), call.hint(), new Reshaping.Crop(rows ? from : 0, rows ? 0 : from), part);
        return new Flow(made, flow.formula(), flow.view().with(axis, View.all(atom, count)));
    }
}
