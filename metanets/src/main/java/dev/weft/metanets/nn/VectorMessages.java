package dev.weft.metanets.nn;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What {@link MessageKernel} does with a row of edges, on the JDK's Vector API: everything that happens to a message
 * happens while it is in a register. The plain loops pass over the row some ten times instead.
 *
 * <p>A row's edges share one end, whose d values stay in registers; the other ends are neighbours on the node axis.
 * Offsets count values: {@code shared} is where the shared end's begin, {@code others} where the others' do. Each loop is
 * a method of its own without branches, since otherwise the JIT compiler puts vectors on the heap.
 */
final class VectorMessages {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private final int d;
    private final float[] scales;
    private final float[] shifts;
    private final float[] receiver;
    private final float[] sender;

    /**
     * What messages are reduced to, each [n, d].
     *
     * @param centre that squares are taken around
     */
    record Reduced(float[] sum, float[] min, float[] max, float[] centre, float[] squares) {}

    /**
     * The gradient of a message m, constant + slope (m - mean), and, for the first one that is the extreme, what that has
     * got; each [n, d].
     */
    record Slopes(
            float[] mean,
            float[] constant,
            float[] slope,
            float[] min,
            float[] minGradient,
            float[] max,
            float[] maxGradient) {}

    /**
     * Gradients of what messages are made of.
     *
     * @param scale of a row [s, d], written
     * @param shift of a row [s, d], written
     * @param receiver [n, d], added to
     * @param sender [n, d], added to
     */
    record Gradients(float[] scale, float[] shift, float[] receiver, float[] sender) {}

    /**
     * @param scales of a row [s, d]
     * @param shifts of a row [s, d]
     * @param receiver of a network [n, d]
     * @param sender of a network [n, d]
     */
    VectorMessages(int d, float[] scales, float[] shifts, float[] receiver, float[] sender) {
        this.d = d;
        this.scales = scales;
        this.shifts = shifts;
        this.receiver = receiver;
        this.sender = sender;
    }

    /** Returns whether states are whole vectors. */
    static boolean suits(int d) {
        return d % LANES == 0;
    }

    /** Reduces messages to one receiver. */
    void reduceToOne(Reduced to, int shared, int others, int edges) {
        for (int c = 0; c < d; c += LANES) {
            reduceToOne(to, shared + c, others + c, c, c + edges * d);
        }
    }

    private void reduceToOne(Reduced to, int node, int other, int begin, int end) {
        FloatVector x = load(receiver, node);
        FloatVector centre = load(to.centre, node);
        FloatVector sum = load(to.sum, node);
        FloatVector min = load(to.min, node);
        FloatVector max = load(to.max, node);
        FloatVector squares = load(to.squares, node);
        for (int i = begin, j = other; i < end; i += d, j += d) {
            FloatVector m = load(scales, i).fma(x.add(load(sender, j)), load(shifts, i));
            FloatVector away = m.sub(centre);
            sum = sum.add(m);
            min = min.min(m);
            max = max.max(m);
            squares = away.fma(away, squares);
        }
        sum.intoArray(to.sum, node);
        min.intoArray(to.min, node);
        max.intoArray(to.max, node);
        squares.intoArray(to.squares, node);
    }

    /** Reduces messages of one sender to a receiver each. */
    void reduceFromOne(Reduced to, int shared, int others, int edges) {
        for (int c = 0; c < d; c += LANES) {
            reduceFromOne(to, shared + c, others + c, c, c + edges * d);
        }
    }

    private void reduceFromOne(Reduced to, int node, int other, int begin, int end) {
        FloatVector x = load(sender, node);
        for (int i = begin, j = other; i < end; i += d, j += d) {
            FloatVector m = load(scales, i).fma(x.add(load(receiver, j)), load(shifts, i));
            FloatVector away = m.sub(load(to.centre, j));
            load(to.sum, j).add(m).intoArray(to.sum, j);
            load(to.min, j).min(m).intoArray(to.min, j);
            load(to.max, j).max(m).intoArray(to.max, j);
            away.fma(away, load(to.squares, j)).intoArray(to.squares, j);
        }
    }

    /** Takes the gradient of messages to one receiver back. */
    void differentiateToOne(Slopes slopes, Gradients to, int shared, int others, int edges) {
        for (int c = 0; c < d; c += LANES) {
            differentiateToOne(slopes, to, shared + c, others + c, c, c + edges * d);
        }
    }

    private void differentiateToOne(Slopes slopes, Gradients to, int node, int other, int begin, int end) {
        FloatVector x = load(receiver, node);
        FloatVector mean = load(slopes.mean, node);
        FloatVector constant = load(slopes.constant, node);
        FloatVector slope = load(slopes.slope, node);
        FloatVector min = load(slopes.min, node);
        FloatVector minGradient = load(slopes.minGradient, node);
        FloatVector max = load(slopes.max, node);
        FloatVector maxGradient = load(slopes.maxGradient, node);
        FloatVector sum = load(to.receiver, node);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = begin, j = other; i < end; i += d, j += d) {
            FloatVector scale = load(scales, i);
            FloatVector ends = x.add(load(sender, j));
            FloatVector m = scale.fma(ends, load(shifts, i));
            VectorMask<Float> least = m.compare(VectorOperators.EQ, min);
            VectorMask<Float> greatest = m.compare(VectorOperators.EQ, max);
            FloatVector g = slope.fma(m.sub(mean), constant)
                    .add(zero.blend(minGradient, least))
                    .add(zero.blend(maxGradient, greatest));
            minGradient = minGradient.blend(zero, least);
            maxGradient = maxGradient.blend(zero, greatest);
            FloatVector part = g.mul(scale);
            g.intoArray(to.shift, i);
            g.mul(ends).intoArray(to.scale, i);
            load(to.sender, j).add(part).intoArray(to.sender, j);
            sum = sum.add(part);
        }
        minGradient.intoArray(slopes.minGradient, node);
        maxGradient.intoArray(slopes.maxGradient, node);
        sum.intoArray(to.receiver, node);
    }

    /** Takes the gradient of messages of one sender back. */
    void differentiateFromOne(Slopes slopes, Gradients to, int shared, int others, int edges) {
        for (int c = 0; c < d; c += LANES) {
            differentiateFromOne(slopes, to, shared + c, others + c, c, c + edges * d);
        }
    }

    private void differentiateFromOne(Slopes slopes, Gradients to, int node, int other, int begin, int end) {
        FloatVector x = load(sender, node);
        FloatVector sum = load(to.sender, node);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int i = begin, j = other; i < end; i += d, j += d) {
            FloatVector scale = load(scales, i);
            FloatVector ends = x.add(load(receiver, j));
            FloatVector m = scale.fma(ends, load(shifts, i));
            FloatVector minGradient = load(slopes.minGradient, j);
            FloatVector maxGradient = load(slopes.maxGradient, j);
            VectorMask<Float> least = m.compare(VectorOperators.EQ, load(slopes.min, j));
            VectorMask<Float> greatest = m.compare(VectorOperators.EQ, load(slopes.max, j));
            FloatVector g = load(slopes.slope, j)
                    .fma(m.sub(load(slopes.mean, j)), load(slopes.constant, j))
                    .add(zero.blend(minGradient, least))
                    .add(zero.blend(maxGradient, greatest));
            minGradient.blend(zero, least).intoArray(slopes.minGradient, j);
            maxGradient.blend(zero, greatest).intoArray(slopes.maxGradient, j);
            FloatVector part = g.mul(scale);
            g.intoArray(to.shift, i);
            g.mul(ends).intoArray(to.scale, i);
            load(to.receiver, j).add(part).intoArray(to.receiver, j);
            sum = sum.add(part);
        }
        sum.intoArray(to.sender, node);
    }

    private static FloatVector load(float[] values, int at) {
        return FloatVector.fromArray(SPECIES, values, at);
    }
}
