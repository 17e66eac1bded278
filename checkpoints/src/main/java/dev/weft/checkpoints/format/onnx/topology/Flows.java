package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Formula.Combined;
import dev.weft.checkpoints.format.onnx.topology.Formula.Operator;
import dev.weft.checkpoints.format.onnx.topology.View.Atom;
import dev.weft.checkpoints.format.onnx.topology.View.Factor;
import dev.weft.network.Form.Layout;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Reshaping;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Turns what was collected about a value into layers: its formula, and changes of layout that its view tells of. */
final class Flows {

    private final Drafts drafts;
    private final int batch;
    private final Map<Made, Integer> made = new HashMap<>();

    /** A layer without parameters that may be needed in several places. */
    private record Made(int layer, Object what) {}

    Flows(Drafts drafts, int batch) {
        this.drafts = drafts;
        this.batch = batch;
    }

    Sample sample(Flow flow) {
        return drafts.sample(flow.layer());
    }

    /** Returns a new layer's output as it is written. */
    Flow output(int layer) {
        return new Flow(layer, drafts.sample(layer).view(batch));
    }

    /** Returns the same values with the formula turned into layers. */
    Flow settled(Flow flow, String hint) {
        return flow.formula().equals(Formula.X)
                ? flow
                : new Flow(resolve(flow.layer(), flow.formula(), hint), flow.view());
    }

    /** Like {@link #settled}, but a constant factor stays, which attention may take. */
    Flow movable(Flow flow, String hint) {
        return FormulaRecogniser.factor(flow.formula()).isPresent() ? flow : settled(flow, hint);
    }

    private int resolve(int layer, Formula formula, String hint) {
        if (formula.equals(Formula.X)) {
            return layer;
        }
        Integer known = made.get(new Made(layer, formula));
        if (known != null) {
            return known;
        }
        int found = resolved(layer, formula, hint);
        made.put(new Made(layer, formula), found);
        return found;
    }

    private int resolved(int layer, Formula formula, String hint) {
        Sample sample = drafts.sample(layer);
        Optional<Layer> direct = layer(formula, sample);
        if (direct.isPresent()) {
            return drafts.add(hint, direct.get(), sample, layer);
        }
        OptionalDouble factor = FormulaRecogniser.factor(formula);
        if (factor.isPresent() && factor.getAsDouble() != 0) {
            Layer multiplier = new Layer.Multiplier(FormulaRecogniser.rounded(factor.getAsDouble()));
            return drafts.add(hint, multiplier, sample, layer);
        }
        for (Formula part : FormulaRecogniser.parts(formula)) {
            if (!part.hidesAll(formula)) {
                continue;
            }
            Optional<Layer> last = layer(formula.without(part), sample);
            if (last.isPresent()) {
                return drafts.add(hint, last.get(), sample, resolve(layer, part, hint));
            }
        }
        if (formula instanceof Combined both
                && !both.left().constant()
                && !both.right().constant()) {
            int left = resolve(layer, both.left(), hint);
            int right = resolve(layer, both.right(), hint);
            return drafts.add(hint, junction(both.operator()), sample, left, right);
        }
        throw new IllegalArgumentException(
                "its input x was put through " + Descriptions.of(formula) + ", which is no layer of ours");
    }
    /** Makes the activation that a formula with means is applied to a layer, if there is one. */
    Flow withoutActivation(Flow flow, String hint) {
        for (Formula part : FormulaRecogniser.parts(flow.formula())) {
            if (FormulaRecogniser.activation(part).isPresent() && part.hidesAll(flow.formula())) {
                return new Flow(
                        resolve(flow.layer(), part, hint), flow.formula().without(part), flow.view());
            }
        }
        return flow;
    }

    private static Layer junction(Operator operator) {
        return switch (operator) {
            case SUM -> new Junction.Add();
            case PRODUCT -> new Junction.Multiply();
            default ->
                throw new IllegalArgumentException("takes a " + operator.name().toLowerCase(Locale.ROOT)
                        + " of two layers' outputs, expected a sum or a product");
        };
    }

    private static Optional<Layer> layer(Formula formula, Sample sample) {
        if (!formula.hasMeans()) {
            return FormulaRecogniser.activation(formula);
        }
        Optional<Norm.LayerNorm> norm = FormulaRecogniser.layerNorm(formula);
        if (norm.isPresent() && sample.units() % norm.get().size() == 0) {
            return norm.map(Layer.class::cast);
        }
        if (FormulaRecogniser.rmsNorm(formula).isPresent()) {
            throw new IllegalArgumentException("its input is an RMS norm without a gain, expected one with");
        }
        return Optional.empty();
    }

    /** Returns the values of a map as a sequence, all others as they are. */
    Flow sequence(Flow given, String hint) {
        Flow flow = settled(given, hint);
        Sample sample = sample(flow);
        if (sample.layout() != Layout.MAP) {
            return flow;
        }
        int width = sample.positions().size() == 2 ? sample.positions().get(1) : 1;
        int layer = shared(
                flow.layer(), hint, new Reshaping.ToSequence(), sample.as(Layout.SEQUENCE, sample.positionCount()));
        return new Flow(layer, flow.view().mapped(factor -> inSequence(factor, width)));
    }

    private static Factor inSequence(Factor factor, int width) {
        return switch (factor.atom()) {
            case FIRST -> new Factor(Atom.FIRST, factor.size(), factor.stride() * width);
            case SECOND -> new Factor(Atom.FIRST, factor.size(), factor.stride());
            default -> factor;
        };
    }

    /** Adds a layer without parameters, or finds it where it was added before. */
    int shared(int input, String hint, Layer layer, Sample sample) {
        return made.computeIfAbsent(new Made(input, layer), key -> drafts.add(hint, layer, sample, input));
    }

    /**
     * Returns values that a layer can be applied to whose last axis reads all neurons: positions are flattened if they are
     * part of that axis.
     */
    Flow onNeurons(Flow given, String hint) {
        Flow flow = settled(given, hint);
        int last = flow.view().rank() - 1;
        if (last < 0) {
            throw new IllegalArgumentException("expected axes, found a single value");
        }
        Sample sample = sample(flow);
        if (flow.view().axis(last).equals(sample.unitAxis()) && sample.layout() != Layout.TOKENS) {
            return sequence(flow, hint);
        }
        return flattened(flow, last, hint);
    }

    private Flow flattened(Flow flow, int axis, String hint) {
        Flow rows = flow;
        if (!isFlat(rows, axis)) {
            rows = sequence(flow, hint); // the neurons of each pixel side by side
        }
        if (!isFlat(rows, axis)) {
            throw new IllegalArgumentException("its input has axes " + flow.view()
                    + ", expected the last to be the neurons of the layer, or all of its output in order");
        }
        Sample sample = sample(rows);
        int units = Math.multiplyExact(sample.units(), sample.positionCount());
        int layer = shared(rows.layer(), hint, new Reshaping.Flatten(), new Sample(Layout.VECTOR, List.of(), units));
        return new Flow(layer, rows.view().with(axis, View.all(Atom.UNIT, units)));
    }

    private boolean isFlat(Flow flow, int axis) {
        Sample sample = sample(flow);
        View whole = sample.view(1);
        return sample.layout() != Layout.VECTOR
                && sample.layout() != Layout.TOKENS
                && flow.view().axis(axis).equals(whole.run(0, whole.rank()));
    }

    /** Returns values as a map of {@code axes} spatial axes in their usual order. */
    Flow map(Flow given, int axes, String hint) {
        Flow flow = settled(given, hint);
        Sample sample = sample(flow);
        if (sample.layout() == Layout.MAP
                && sample.positions().size() == axes
                && flow.view().equals(sample.view(batch))) {
            return flow;
        }
        int[] shape = flow.shape();
        if (shape.length == axes + 2 && axes == 2 && shape[1] == sample.units() && sample.layout() != Layout.MAP) {
            View expected =
                    sample.as(Layout.MAP, shape[2], shape[3]).view(batch).mapped(f -> inSequence(f, shape[3]));
            if (flow.view().equals(expected)) {
                Sample map = sample.as(Layout.MAP, shape[2], shape[3]);
                Layer layer = sample.layout() == Layout.VECTOR
                        ? new Reshaping.ToPixel()
                        : new Reshaping.ToMap(shape[2], shape[3]);
                return output(shared(flow.layer(), hint, layer, map));
            }
        }
        throw new IllegalArgumentException("its input has axes " + flow.view() + ", expected a map [batch, channels"
                + (axes == 1 ? ", length]" : ", height, width]"));
    }

    /** Returns the output of a layer that gives each position other neurons; the last axis is the neurons. */
    Flow withNeurons(Flow input, int layer) {
        int last = input.view().rank() - 1;
        return new Flow(layer, input.view().with(last, drafts.sample(layer).unitAxis()));
    }

    /** Returns values as their layer writes them, for the network's output. */
    Flow written(Flow given, String hint) {
        Flow flow = settled(given, hint);
        if (isWritten(flow)) {
            return flow;
        }
        int last = flow.view().rank() - 1;
        if (last > 0 && isFlat(flow, last)) {
            return flattened(flow, last, hint);
        }
        Flow rows = sequence(flow, hint);
        if (isWritten(rows)) {
            return rows;
        }
        throw new IllegalArgumentException("the output has axes " + flow.view() + ", expected batch, then "
                + sample(flow).layout().toString().toLowerCase(Locale.ROOT) + " "
                + Arrays.toString(sample(flow).view(batch).shape()));
    }

    private boolean isWritten(Flow flow) {
        View written = sample(flow).view(batch);
        return flow.view().run(0, flow.view().rank()).equals(written.run(0, written.rank()));
    }
}
