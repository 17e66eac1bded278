package dev.weft.network;

import dev.weft.network.NeuronBlock.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One pass over an architecture's nodes in order, and the resolution of what it found. */
final class Derivation {

    private final Units.Maker maker = new Units.Maker();
    private final Units input;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, Architecture.Node> nodes = new HashMap<>();
    private final Map<String, Integer> readers;
    private final List<Draft> tensors = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long parameters;

    private record Draft(String name, boolean trainable, List<Site.Label> axes) {}

    Derivation(Input shape, Map<String, Integer> readers) {
        this.readers = readers;
        input = maker.make(Architecture.INPUT, shape.size(), Role.INPUT);
        values.put(
                Architecture.INPUT, new Value(shape.layout(), shape.positions(), List.of(Strand.of(input, List.of()))));
    }

    Units.Maker maker() {
        return maker;
    }

    /** Returns how many nodes read a node. */
    int readers(String node) {
        return readers.getOrDefault(node, 0);
    }

    /** Returns an earlier node and its output. */
    Architecture.Node node(String reader, String name) {
        Architecture.Node found = nodes.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "node '" + reader + "' refers to '" + name + "', which no earlier node is called");
        }
        return found;
    }

    Value value(Architecture.Node reader, String name) {
        Value value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "node '" + reader.name() + "' reads '" + name + "', which no earlier node is called");
        }
        return value;
    }

    void add(Architecture.Node node) {
        if (values.containsKey(node.name())) {
            throw new IllegalArgumentException("two nodes are called '" + node.name() + "'");
        }
        if (node.inputs().isEmpty()) {
            throw new IllegalArgumentException("node '" + node.name() + "' takes one input, got []");
        }
        List<Value> inputs =
                node.inputs().stream().map(name -> value(node, name)).toList();
        Site site = new Site(node, inputs, this);
        values.put(node.name(), sized(node, site));
        nodes.put(node.name(), node);
    }

    private Value sized(Architecture.Node node, Site site) {
        try {
            Value value = WiringRules.apply(site, node.layer());
            value.units();
            value.positionCount();
            return value;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("node '" + node.name() + "' has more values than can be counted", e);
        }
    }

    void tensor(String name, boolean trainable, List<Site.Label> axes) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("two tensors are called '" + name + "'");
        }
        List<Integer> shape = axes.stream().map(Site.Label::size).toList();
        long room = Architecture.MAX_PARAMETERS - parameters;
        long size = 1;
        for (int extent : shape) {
            size = size > room ? size : Math.multiplyExact(size, extent);
        }
        if (size > room) {
            throw new IllegalArgumentException("an architecture has at most " + Architecture.MAX_PARAMETERS
                    + " parameters, '" + name + "' " + shape + " goes beyond");
        }
        parameters += size;
        tensors.add(new Draft(name, trainable, axes));
    }

    Wiring finish(String last) {
        Value output = values.getOrDefault(last, values.values().iterator().next());
        output.unscaled();
        output.leaves().forEach(strand -> {
            if (strand.units() != null) {
                strand.units().freeze(Role.OUTPUT);
            }
        });
        tensors.forEach(tensor -> tensor.axes.forEach(axis -> axis.strands().forEach(Strand::settle)));
        return new Resolution().wiring();
    }

    /** Gives blocks and scales their numbers. */
    private final class Resolution {
        private final Map<Units, Integer> indices = new IdentityHashMap<>();
        private final Map<Scale, Integer> gauges = new IdentityHashMap<>();
        private final List<Scale> scales = new ArrayList<>();
        private final List<Units> blocks = new ArrayList<>();

        Wiring wiring() {
            collect();
            blocks.forEach(this::settle);
            blocks.sort(Comparator.comparing((Units block) -> block != input).thenComparing(Units::order));
            for (int i = 0; i < blocks.size(); i++) {
                indices.put(blocks.get(i), i);
            }
            List<ParameterTensor> parameters = parameters();
            Map<String, Form> forms = new LinkedHashMap<>();
            values.forEach((name, value) -> forms.put(name, form(value)));
            return new Wiring(
                    blocks.stream().map(this::block).toList(),
                    parameters,
                    scales.stream().map(this::gauge).toList(),
                    Collections.unmodifiableMap(forms));
        }

        private void collect() {
            Set<Units> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            values.values().forEach(value -> value.leaves().forEach(strand -> collect(strand, seen)));
            tensors.forEach(tensor -> tensor.axes.forEach(axis ->
                    axis.strands().forEach(strand -> strand.leaves().forEach(leaf -> collect(leaf, seen)))));
        }

        private void collect(Strand strand, Set<Units> seen) {
            if (strand.units() != null) {
                collect(strand.units().root(), seen);
            }
        }

        private void collect(Units units, Set<Units> seen) {
            if (seen.add(units)) {
                blocks.add(units);
                units.structure().forEach(part -> collect(part, seen));
            }
        }

        /** What is made of immovable neurons only is immovable. */
        private void settle(Units units) {
            Units.Pair pair = units.pair();
            if (units.role() == Role.HIDDEN
                    && pair != null
                    && pair.outer().role() != Role.HIDDEN
                    && pair.inner().role() != Role.HIDDEN) {
                units.freeze(Role.FIXED);
            }
        }

        private NeuronBlock block(Units units) {
            Units groups = units.groups();
            Units.Pair pair = units.pair();
            NeuronBlock.Structure structure = new NeuronBlock.Structure.Flat();
            if (groups != null) {
                structure = new NeuronBlock.Structure.Within(index(groups));
            } else if (pair != null) {
                structure = new NeuronBlock.Structure.Pairs(index(pair.outer()), index(pair.inner()));
            }
            return new NeuronBlock(index(units), units.name(), units.size(), units.role(), structure);
        }

        private int index(Units units) {
            return indices.getOrDefault(units.root(), -1);
        }

        private List<ParameterTensor> parameters() {
            List<ParameterTensor> parameters = new ArrayList<>();
            long offset = 0;
            for (Draft draft : tensors) {
                List<Axis> axes = draft.axes.stream()
                        .map(label -> axis(label.flow(), label.strands()))
                        .toList();
                List<Integer> shape = axes.stream().map(Axis::size).toList();
                ParameterTensor tensor = new ParameterTensor(draft.name, shape, offset, axes, draft.trainable);
                parameters.add(tensor);
                offset = tensor.end();
            }
            return List.copyOf(parameters);
        }

        private Form form(Value value) {
            return new Form(value.layout(), value.positions(), axis(Axis.Flow.NONE, value.strands()));
        }

        private Axis axis(Axis.Flow flow, List<Strand> strands) {
            return new Axis(
                    flow,
                    strands.stream()
                            .flatMap(strand -> strand.leaves().stream())
                            .map(strand -> segment(strand, flow))
                            .toList());
        }

        private Axis.Segment segment(Strand strand, Axis.Flow flow) {
            Units units = strand.units();
            if (units == null) {
                return new Axis.Segment(Axis.FREE, strand.count(), 1, 1, List.of());
            }
            List<Axis.Power> powers = flow == Axis.Flow.NONE ? List.of() : powers(strand.scales());
            return new Axis.Segment(index(units), strand.count(), strand.outer(), strand.inner(), powers);
        }

        /** Adds up the exponents of each scale that has some freedom left. */
        private List<Axis.Power> powers(List<Scale.Strength> strengths) {
            Map<Scale, Integer> exponents = new LinkedHashMap<>();
            for (Scale.Strength strength : Scale.resolved(strengths)) {
                Scale scale = strength.scale();
                if (scale.positive() || scale.sign()) {
                    exponents.merge(scale, strength.exponent(), Integer::sum);
                }
            }
            List<Axis.Power> powers = new ArrayList<>();
            exponents.forEach((scale, exponent) -> {
                if (exponent != 0) {
                    powers.add(new Axis.Power(number(scale), exponent));
                }
            });
            return powers;
        }

        private int number(Scale scale) {
            return gauges.computeIfAbsent(scale, key -> {
                scales.add(key);
                return scales.size() - 1;
            });
        }

        private Gauge gauge(Scale scale) {
            return new Gauge(number(scale), index(scale.units()), scale.positive(), scale.sign(), scale.shift());
        }
    }
}
