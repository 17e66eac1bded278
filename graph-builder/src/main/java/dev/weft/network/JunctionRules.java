package dev.weft.network;

import dev.weft.network.Form.Layout;
import java.util.ArrayList;
import java.util.List;

/** Sums and products are taken neuron by neuron, so that their inputs' neurons become one block. */
final class JunctionRules {

    private JunctionRules() {}

    static void register() {
        WiringRules.register(Junction.Add.class, (site, layer) -> add(site));
        WiringRules.register(Junction.Multiply.class, (site, layer) -> multiply(site));
        WiringRules.register(Junction.Concat.class, (site, layer) -> concat(site));
    }

    private static Value add(Site site) {
        List<Value> inputs = site.inputs(2, Integer.MAX_VALUE);
        Value first = inputs.get(0);
        for (Value next : inputs.subList(1, inputs.size())) {
            requireAlike(site, first, next);
            Value.unify(first, next, true, site.maker());
        }
        return first;
    }

    private static Value multiply(Site site) {
        List<Value> inputs = site.inputs(2, 2);
        Value first = inputs.get(0);
        Value second = inputs.get(1);
        boolean gates = first.positionCount() == 1 && second.positionCount() > 1;
        Value wide = gates ? second : first;
        Value narrow = gates ? first : second;
        if (narrow.positionCount() > 1 || narrow.layout() == wide.layout()) {
            requireSameLayout(site, wide, narrow);
        }
        if (narrow.positionCount() > 1 && !wide.positions().equals(narrow.positions())) {
            throw site.wrong("joins positions " + wide.positions() + " and " + narrow.positions());
        }
        site.requireUnits(narrow, wide.units());
        Value.unify(wide, narrow, false, site.maker());
        return product(wide, narrow);
    }

    private static Value product(Value wide, Value narrow) {
        List<Strand> left = wide.leaves();
        List<Strand> right = narrow.leaves();
        if (left.size() != right.size()) {
            return wide.with(left).unscaled();
        }
        List<Strand> product = new ArrayList<>();
        for (int i = 0; i < left.size(); i++) {
            List<Scale.Strength> scales = new ArrayList<>(left.get(i).scales());
            scales.addAll(right.get(i).scales());
            product.add(left.get(i).withScales(scales));
        }
        return wide.with(product);
    }

    private static Value concat(Site site) {
        List<Value> inputs = site.inputs(1, Integer.MAX_VALUE);
        Value first = inputs.get(0);
        List<Strand> strands = new ArrayList<>();
        for (Value next : inputs) {
            requireSameLayout(site, first, next);
            if (!first.positions().equals(next.positions())) {
                throw site.wrong("joins positions " + first.positions() + " and " + next.positions());
            }
            strands.addAll(next.strands());
        }
        return first.with(strands);
    }

    private static void requireAlike(Site site, Value a, Value b) {
        requireSameLayout(site, a, b);
        if (!a.positions().equals(b.positions())) {
            throw site.wrong("joins positions " + a.positions() + " and " + b.positions());
        }
        site.requireUnits(b, a.units());
    }

    private static void requireSameLayout(Site site, Value a, Value b) {
        site.requireLayout(a, Layout.VECTOR, Layout.SEQUENCE, Layout.MAP);
        site.requireLayout(b, a.layout());
    }
}
