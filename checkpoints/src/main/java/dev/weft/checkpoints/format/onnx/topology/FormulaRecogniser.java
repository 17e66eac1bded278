package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Formula.Applied;
import dev.weft.checkpoints.format.onnx.topology.Formula.Combined;
import dev.weft.checkpoints.format.onnx.topology.Formula.Function;
import dev.weft.checkpoints.format.onnx.topology.Formula.Mean;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;

/**
 * Tells which layer a formula is by running it on numbers and comparing with the layers' definitions: exporters write GELU or
 * a layer norm in dozens of ways, but all give the same values.
 */
final class FormulaRecogniser {

    private static final double[] POINTS = {
        -300, -60, -20, -9, -6.5, -4, -3.2, -2.4, -1.7, -1, -0.6, -0.3, -0.1, 0, 0.1, 0.2, 0.5, 0.8, 1, 1.3, 2, 2.9,
        3.5, 5, 6.5, 8, 20, 60, 300
    };
    private static final double TOLERANCE = 1e-6; // constants in files are float32
    private static final double[] NEIGHBOURS = {0.31, -1.2, 2.4, 0.05, -0.7, 1.9, -2.2, 0.6};
    private static final double SMALL = 1e-3; // neighbours so near each other that epsilon shows
    private static final double LARGE = 50;

    private static final Map<Layer, DoubleUnaryOperator> FUNCTIONS = new LinkedHashMap<>();

    static {
        FUNCTIONS.put(new Layer.Relu(), x -> Math.max(x, 0));
        FUNCTIONS.put(new Layer.Tanh(), Math::tanh);
        FUNCTIONS.put(new Layer.Sigmoid(), FormulaRecogniser::sigmoid);
        FUNCTIONS.put(new Layer.Gelu(), x -> x / 2 * (1 + ErrorFunction.of(x / Math.sqrt(2))));
        FUNCTIONS.put(
                new Layer.GeluTanh(),
                x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));
        FUNCTIONS.put(new Layer.Silu(), x -> x * sigmoid(x));
        FUNCTIONS.put(new Layer.Relu6(), FormulaRecogniser::relu6);
        FUNCTIONS.put(new Layer.HardSigmoid(), x -> relu6(x + 3) / 6);
        FUNCTIONS.put(new Layer.HardSwish(), x -> x * relu6(x + 3) / 6);
    }

    private FormulaRecogniser() {}

    /** Returns the factor c if the formula is c x. */
    static OptionalDouble factor(Formula formula) {
        if (formula.hasMeans()) {
            return OptionalDouble.empty();
        }
        double factor = formula.at(new double[] {1})[0];
        return isLike(formula, x -> factor * x) ? OptionalDouble.of(factor) : OptionalDouble.empty();
    }

    /** Returns the layer without parameters that computes an elementwise formula. */
    static Optional<Layer> activation(Formula formula) {
        if (formula.hasMeans()) {
            return Optional.empty();
        }
        for (Map.Entry<Layer, DoubleUnaryOperator> known : FUNCTIONS.entrySet()) {
            if (isLike(formula, known.getValue())) {
                return Optional.of(known.getKey());
            }
        }
        double[] ends = formula.at(new double[] {-1, 0});
        double slope = rounded(-ends[0]);
        double offset = rounded(ends[1]);
        if (Double.isFinite(slope) && isLike(formula, x -> x > 0 ? x : slope * x)) {
            return Optional.of(new Layer.LeakyRelu(slope));
        }
        if (Double.isFinite(offset) && isLike(formula, x -> x + offset)) {
            return Optional.of(new Layer.Offset(offset));
        }
        return sine(formula);
    }

    private static Optional<Layer> sine(Formula formula) {
        if (!(formula instanceof Applied applied) || applied.function() != Function.SINE) {
            return Optional.empty();
        }
        OptionalDouble frequency = factor(applied.of());
        return frequency.isEmpty() || frequency.getAsDouble() == 0
                ? Optional.empty()
                : Optional.of(new Layer.Sine(rounded(frequency.getAsDouble())));
    }

    /** Returns the norm without gain and shift that a formula with means computes, over runs of its {@code size()} neurons. */
    static Optional<Norm.LayerNorm> layerNorm(Formula formula) {
        return norm(formula, true).map(epsilon -> new Norm.LayerNorm(run(formula), epsilon, false, false));
    }

    /** Returns the RMS norm that a formula with means computes, but for its gain. */
    static Optional<Norm.RmsNorm> rmsNorm(Formula formula) {
        return norm(formula, false).map(epsilon -> new Norm.RmsNorm(run(formula), epsilon));
    }

    private static int run(Formula formula) {
        return runs(formula).first();
    }

    private static TreeSet<Integer> runs(Formula formula) {
        TreeSet<Integer> runs = new TreeSet<>();
        if (formula instanceof Applied applied) {
            runs.addAll(runs(applied.of()));
        } else if (formula instanceof Combined combined) {
            runs.addAll(runs(combined.left()));
            runs.addAll(runs(combined.right()));
        } else if (formula instanceof Mean mean) {
            runs.addAll(runs(mean.of()));
            runs.add(mean.run());
        }
        return runs;
    }

    /** Returns epsilon if the formula is (x - mean) / sqrt(mean of the squares of that + epsilon). */
    private static Optional<Double> norm(Formula formula, boolean centred) {
        if (runs(formula).size() != 1) {
            return Optional.empty();
        }
        double[] near = Arrays.stream(NEIGHBOURS).map(x -> x * SMALL).toArray();
        double[] deviations = deviations(near, centred);
        double ratio = deviations[1] / formula.at(near)[1];
        double epsilon = rounded(ratio * ratio - meanSquare(deviations));
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            return Optional.empty();
        }
        for (double scale : new double[] {SMALL, 1, LARGE}) {
            double[] x = Arrays.stream(NEIGHBOURS).map(value -> value * scale).toArray();
            double[] expected = deviations(x, centred);
            double divisor = Math.sqrt(meanSquare(expected) + epsilon);
            Arrays.setAll(expected, i -> expected[i] / divisor);
            if (!alike(formula.at(x), expected)) {
                return Optional.empty();
            }
        }
        return Optional.of(epsilon);
    }

    private static double[] deviations(double[] x, boolean centred) {
        double mean = centred ? Arrays.stream(x).average().orElse(0) : 0;
        return Arrays.stream(x).map(value -> value - mean).toArray();
    }

    private static double meanSquare(double[] x) {
        return Arrays.stream(x).map(value -> value * value).average().orElse(0);
    }

    private static boolean isLike(Formula formula, DoubleUnaryOperator function) {
        return alike(formula.at(POINTS), Arrays.stream(POINTS).map(function).toArray());
    }

    private static boolean alike(double[] found, double[] expected) {
        for (int i = 0; i < found.length; i++) {
            if (!(Math.abs(found[i] - expected[i]) <= TOLERANCE * (1 + Math.abs(expected[i])))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the number with the fewest digits that the nearest float32 stands for. */
    static double rounded(double value) {
        return Double.parseDouble(Float.toString((float) value));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double relu6(double x) {
        return Math.min(Math.max(x, 0), 6);
    }

    /** Returns the parts of a formula, larger ones first, without itself, x and constants. */
    static List<Formula> parts(Formula formula) {
        List<Formula> parts = new ArrayList<>();
        collect(formula, parts);
        return parts.stream()
                .filter(part -> !part.equals(formula) && part.size() > 0 && !part.constant())
                .distinct()
                .sorted((a, b) -> Integer.compare(b.size(), a.size()))
                .toList();
    }

    private static void collect(Formula formula, List<Formula> parts) {
        parts.add(formula);
        if (formula instanceof Applied applied) {
            collect(applied.of(), parts);
        } else if (formula instanceof Combined combined) {
            collect(combined.left(), parts);
            collect(combined.right(), parts);
        } else if (formula instanceof Mean mean) {
            collect(mean.of(), parts);
        }
    }
}
