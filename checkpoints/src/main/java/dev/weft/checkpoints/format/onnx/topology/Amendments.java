package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.OnnxTensor;
import dev.weft.checkpoints.format.onnx.topology.Drafts.Draft;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Source.Stored;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Form.Layout;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Parameters that a value is added to or multiplied by: biases, gains and shifts of the layer before, learned positions. */
final class Amendments {

    private Amendments() {}

    /** Adds parameters to a value, if they are of a kind that layers have. */
    static Optional<Flow> shifted(Call call, Flow flow, Fixed fixed) {
        if (!fixed.parameter() || flow.layer() == Drafts.INPUT) {
            return Optional.empty();
        }
        Flow settled =
                fixed.size() > 1 ? call.flows().settled(flow, call.hint()) : flow; // one number may be an epsilon
        if (!settled.formula().equals(Formula.X)) {
            return Optional.empty();
        }
        Draft draft = call.drafts().get(settled.layer());
        Sample sample = draft.sample();
        Optional<Fixed> vector = perNeuron(settled, sample, fixed);
        Optional<Layer> biased = vector.isEmpty() || draft.shared() ? Optional.empty() : biased(draft);
        if (biased.isPresent()) {
            draft.amend(biased.get(), "bias", vector.get());
            return Optional.of(settled);
        }
        return fixed.size() > 1 ? positions(call, settled, fixed) : Optional.empty();
    }

    /** Returns the layer with the bias or the shift that it lacks. */
    private static Optional<Layer> biased(Draft draft) {
        Layer layer = draft.layer();
        if (layer instanceof Layer.Linear linear && !linear.bias()) {
            return Optional.of(new Layer.Linear(linear.in(), linear.out(), true));
        } else if (layer instanceof Layer.InputMajorLinear linear && !linear.bias()) {
            return Optional.of(new Layer.InputMajorLinear(linear.in(), linear.out(), true));
        } else if (layer instanceof Convolution c && !c.bias()) {
            return Optional.of(new Convolution(
                    c.in(), c.out(), c.kernel(), c.stride(), c.padding(), c.dilation(), c.groups(), true));
        } else if (layer instanceof Norm.LayerNorm norm && norm.affine() && !norm.bias()) {
            return Optional.of(new Norm.LayerNorm(norm.size(), norm.epsilon(), true, true));
        } else if (layer instanceof Norm.GroupNorm norm && draft.tensors().containsKey("weight")) {
            return Optional.of(new Norm.GroupNorm(norm.groups(), norm.size(), norm.epsilon(), true));
        }
        return Optional.empty();
    }

    /** Multiplies a value by parameters, if they are one for each neuron: the gain of a norm, or a layer of their own. */
    static Optional<Flow> scaled(Call call, Flow flow, Fixed fixed) {
        if (!fixed.parameter()) {
            return Optional.empty();
        }
        Sample sample = call.flows().sample(flow);
        Optional<Fixed> vector = perNeuron(flow, sample, fixed);
        if (vector.isEmpty()) {
            return Optional.empty();
        }
        if (flow.formula().hasMeans()) {
            return Optional.of(withGain(call, call.flows().withoutActivation(flow, call.hint()), vector.get()));
        }
        Flow settled = call.flows().settled(flow, call.hint());
        if (settled.layer() != Drafts.INPUT) {
            Draft draft = call.drafts().get(settled.layer());
            if (draft.layer() instanceof Norm.GroupNorm norm && !norm.affine() && !draft.shared()) {
                draft.tensor("weight", vector.get());
                return Optional.of(settled);
            }
        }
        return vector.get().size() == sample.units()
                ? Optional.of(gain(call, settled, vector.get()))
                : Optional.empty();
    }

    private static Flow gain(Call call, Flow flow, Fixed gain) {
        int layer = call.drafts()
                .add(call.hint(), new Layer.Gain(gain.size()), call.flows().sample(flow), flow.layer());
        call.drafts().get(layer).tensor("", gain);
        return new Flow(layer, flow.view());
    }

    private static Flow withGain(Call call, Flow flow, Fixed gain) {
        Optional<Layer> norm = FormulaRecogniser.layerNorm(flow.formula())
                .map(plain -> new Norm.LayerNorm(plain.size(), plain.epsilon(), true, false));
        if (norm.isEmpty()) {
            norm = FormulaRecogniser.rmsNorm(flow.formula()).map(Layer.class::cast);
        }
        if (norm.isEmpty()) {
            throw new IllegalArgumentException(
                    "its input x was put through " + Descriptions.of(flow.formula()) + ", which is no norm of ours");
        }
        int size =
                norm.get() instanceof Norm.LayerNorm layerNorm ? layerNorm.size() : ((Norm.RmsNorm) norm.get()).size();
        call.require(size == gain.size(), "a norm over " + size + " neurons has a gain of " + gain.size());
        int layer = call.drafts().add(call.hint(), norm.get(), call.flows().sample(flow), flow.layer());
        call.drafts().get(layer).tensor("weight", gain);
        return new Flow(layer, flow.view());
    }

    /** Returns parameters [size] if they are one for each neuron, or for each coordinate of a head. */
    static Optional<Fixed> perNeuron(Flow flow, Sample sample, Fixed fixed) {
        int rank = flow.view().rank();
        if (fixed.rank() > rank || sample.layout() == Layout.TOKENS) {
            return Optional.empty();
        }
        int axis = neuronAxis(flow, sample);
        for (int i = 0; i < rank; i++) {
            int at = i - (rank - fixed.rank());
            int size = at < 0 ? 1 : fixed.shape()[at];
            if (axis < 0 || size != (i == axis ? flow.shape()[i] : 1)) {
                return Optional.empty();
            }
        }
        return fixed.contiguous() ? Optional.of(fixed.reshaped(new int[] {fixed.size()})) : Optional.empty();
    }

    /** Returns the axis that counts all neurons, or the last ones of each run; -1 if there is none. */
    private static int neuronAxis(Flow flow, Sample sample) {
        View view = flow.view();
        for (int i = view.rank() - 1; i >= 0; i--) {
            List<View.Factor> axis = view.axis(i);
            if (axis.size() == 1
                    && axis.get(0).atom() == View.Atom.UNIT
                    && axis.get(0).stride() == 1) {
                return i;
            }
        }
        boolean behindBatch = sample.layout() == Layout.MAP && view.rank() > 1;
        return sample.units() > 1 ? -1 : behindBatch ? 1 : view.rank() - 1;
    }

    /** Adds learned positions, or the first row of a table everywhere. */
    private static Optional<Flow> positions(Call call, Flow flow, Fixed fixed) {
        Sample sample = call.flows().sample(flow);
        Flow target = flow;
        if (sample.layout() == Layout.MAP && !flow.view().equals(sample.view(call.batch()))) {
            target = call.flows().sequence(flow, call.hint());
            sample = call.flows().sample(target);
        }
        Fixed array = withoutRepeats(fixed);
        int[] shape = sample.view(1).shape();
        boolean fits = target.view().equals(sample.view(call.batch()))
                && Arrays.equals(array.shape(), Arrays.copyOfRange(shape, 1, shape.length))
                && (sample.layout() == Layout.SEQUENCE || sample.layout() == Layout.MAP);
        if (!fits) {
            throw new IllegalArgumentException("adds " + Descriptions.of(fixed) + " to " + Descriptions.of(flow)
                    + ", expected a bias, or one value for each position and neuron");
        }
        OnnxTensor tensor = ((Stored) array.source()).tensor();
        boolean table = sample.layout() == Layout.SEQUENCE && tensor.shape().size() == 2;
        Layer layer = table ? table(call, array, tensor, sample) : new Embedding.PositionArray(list(array.shape()));
        int made = call.drafts().add(call.hint(), layer, sample, target.layer());
        call.drafts().get(made).tensor(table ? "weight" : "", table ? Fixed.of(tensor) : array);
        return Optional.of(new Flow(made, target.view()));
    }

    private static Layer table(Call call, Fixed rows, OnnxTensor tensor, Sample sample) {
        int units = sample.units();
        int length = Math.toIntExact(tensor.shape().get(0));
        int first = Math.toIntExact(rows.offset() / units);
        boolean whole = tensor.shape().get(1) == units && rows.offset() % units == 0;
        if (whole && rows.strides()[0] == 0 && first == 0) {
            return new Embedding.SegmentTable(length, units);
        }
        call.require(
                whole && rows.contiguous(),
                "adds rows of " + Descriptions.of(rows) + ", expected neighbouring ones, or the first");
        call.drafts().longest(length - first);
        return new Embedding.PositionTable(length, units, first);
    }

    /** Returns values without axes in front that repeat them. */
    private static Fixed withoutRepeats(Fixed fixed) {
        Fixed bare = fixed;
        while (bare.rank() > 2 && (bare.strides()[0] == 0 || bare.shape()[0] == 1)) {
            bare = bare.at(0, 0);
        }
        return bare;
    }

    private static List<Integer> list(int[] sizes) {
        return Arrays.stream(sizes).boxed().toList();
    }
}
