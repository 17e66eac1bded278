package dev.weft.network;

import dev.weft.network.NeuronBlock.Role;
import java.util.List;
import java.util.Locale;

/** A node while it is wired: what it reads, and the tensors that it declares. */
final class Site {

    private final Architecture.Node node;
    private final List<Value> inputs;
    private final Derivation derivation;

    /** The label of an axis in the making. */
    record Label(Axis.Flow flow, List<Strand> strands) {

        static Label out(List<Strand> strands) {
            return new Label(Axis.Flow.OUT, strands);
        }

        /** The neurons that are read: their scales are divided out. */
        static Label in(List<Strand> strands) {
            return new Label(
                    Axis.Flow.IN,
                    strands.stream()
                            .map(strand -> strand.withScales(Scale.inverse(strand.scales())))
                            .toList());
        }

        static Label free(int size) {
            return new Label(Axis.Flow.NONE, List.of(Strand.free(size)));
        }

        int size() {
            return strands.stream().mapToInt(Strand::size).reduce(0, Math::addExact);
        }
    }

    Site(Architecture.Node node, List<Value> inputs, Derivation derivation) {
        this.node = node;
        this.inputs = inputs;
        this.derivation = derivation;
    }

    String name() {
        return node.name();
    }

    Derivation derivation() {
        return derivation;
    }

    Units.Maker maker() {
        return derivation.maker();
    }

    Architecture.Node node() {
        return node;
    }

    Value only() {
        if (inputs.size() != 1) {
            throw wrong("takes one input, got " + node.inputs());
        }
        return inputs.get(0);
    }

    List<Value> inputs(int least, int most) {
        if (inputs.size() < least || inputs.size() > most) {
            throw wrong("takes " + least + (most == least ? "" : most == Integer.MAX_VALUE ? " or more" : " to " + most)
                    + " inputs, got " + node.inputs());
        }
        return inputs;
    }

    /** Returns the only input if it has the width. */
    Value only(int units) {
        Value x = only();
        requireUnits(x, units);
        return x;
    }

    void requireUnits(Value x, int units) {
        if (x.units() != units) {
            throw wrong("expects " + units + " inputs, but gets " + x.units());
        }
    }

    void requireLayout(Value x, Form.Layout... allowed) {
        if (!List.of(allowed).contains(x.layout())) {
            throw wrong("expects a " + List.of(allowed).toString().toLowerCase(Locale.ROOT) + ", but gets a "
                    + x.layout().toString().toLowerCase(Locale.ROOT));
        }
    }

    IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("node '" + node.name() + "' " + what);
    }

    /** Makes new hidden neurons with a scale of their own. */
    Strand fresh(int size) {
        return fresh("", size);
    }

    Strand fresh(String suffix, int size) {
        return Strand.scaled(maker().make(name() + suffix, size, Role.HIDDEN));
    }

    /** Makes neurons that have an identity. */
    Strand fixed(String suffix, int size) {
        return Strand.of(maker().make(name() + suffix, size, Role.FIXED), List.of());
    }

    /** Declares a trained tensor called {@code node.suffix}. */
    void tensor(String suffix, Label... axes) {
        derivation.tensor(tensorName(suffix), true, List.of(axes));
    }

    /** Declares a tensor of running statistics. */
    void statistic(String suffix, Label... axes) {
        derivation.tensor(tensorName(suffix), false, List.of(axes));
    }

    private String tensorName(String suffix) {
        return ParameterTensor.nameOf(name(), suffix);
    }
}
