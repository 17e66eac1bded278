package dev.weft.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Gauge} in the making: layers on the way of the scaled values take freedoms away, junctions tie two scales
 * together.
 */
final class Scale {

    private final Units units;
    private boolean positive = true;
    private boolean sign = true;
    private Optional<Gauge.PhaseShift> shift = Optional.empty();
    private @Nullable Scale into;
    private int exponent = 1;
    private List<Scale> parts = List.of();

    /** A scale to the power of 1 or -1. */
    record Strength(Scale scale, int exponent) {

        /** Returns the same number in terms of the scale that this one was tied to. */
        Strength resolved() {
            Strength on = this;
            while (on.scale.into != null) {
                on = new Strength(on.scale.into, on.exponent * on.scale.exponent);
            }
            return on;
        }

        Strength inverse() {
            return new Strength(scale, -exponent);
        }
    }

    Scale(Units units) {
        this.units = units;
    }

    static Scale ofPhase(Units units, Gauge.PhaseShift shift) {
        Scale scale = new Scale(units);
        scale.positive = false;
        scale.shift = Optional.of(shift);
        return scale;
    }

    Units units() {
        return units;
    }

    boolean positive() {
        return positive;
    }

    boolean sign() {
        return sign;
    }

    Optional<Gauge.PhaseShift> shift() {
        return shift;
    }

    static List<Strength> inverse(List<Strength> strengths) {
        return strengths.stream().map(Strength::inverse).toList();
    }

    static void fix(List<Strength> strengths) {
        restrict(strengths, false, false);
    }

    /** Takes freedoms away. */
    static void restrict(List<Strength> strengths, boolean positive, boolean sign) {
        strengths.forEach(strength -> strength.resolved().scale.restrict(positive, sign));
    }

    private void restrict(boolean keepPositive, boolean keepSign) {
        positive &= keepPositive;
        sign &= keepSign;
        parts.forEach(part -> part.resolvedScale().restrict(keepPositive, keepSign));
    }

    private Scale resolvedScale() {
        return new Strength(this, 1).resolved().scale;
    }

    /** Demands that two products of scales are the same number for each neuron. */
    static void equate(List<Strength> a, List<Strength> b) {
        List<Strength> left = resolved(a);
        List<Strength> right = resolved(b);
        if (left.equals(right)) {
            return;
        }
        if (left.size() == 1 && right.size() == 1 && left.get(0).scale.parts.isEmpty() && !sameScale(left, right)) {
            left.get(0).scale.tie(right.get(0), left.get(0).exponent);
        } else {
            fix(left);
            fix(right);
        }
    }

    private static boolean sameScale(List<Strength> a, List<Strength> b) {
        return a.get(0).scale == b.get(0).scale
                || a.get(0).scale.shift.isPresent()
                || b.get(0).scale.shift.isPresent();
    }

    /** Makes this scale to the power of {@code own} the same as {@code other}. */
    void tie(Strength other, int own) {
        other.scale.restrict(positive, sign);
        into = other.scale;
        exponent = other.exponent * own;
    }

    static List<Strength> resolved(List<Strength> strengths) {
        return strengths.stream().map(Strength::resolved).toList();
    }

    /** Returns the scales of the parts that the neurons were cut into. */
    static List<Strength> part(List<Strength> strengths, List<Units> cut, int part) {
        List<Strength> found = new ArrayList<>();
        for (Strength strength : resolved(strengths)) {
            List<Scale> parts = strength.scale.cut(cut);
            if (!parts.isEmpty()) {
                found.add(new Strength(parts.get(part), strength.exponent));
            }
        }
        return found;
    }

    private List<Scale> cut(List<Units> cut) {
        if (parts.isEmpty() && shift.isEmpty()) {
            List<Scale> made = new ArrayList<>();
            for (Units part : cut) {
                Scale scale = new Scale(part);
                scale.restrict(positive, sign);
                made.add(scale);
            }
            parts = List.copyOf(made);
        }
        if (parts.size() != cut.size()) {
            restrict(false, false);
            return List.of();
        }
        return parts;
    }
}
