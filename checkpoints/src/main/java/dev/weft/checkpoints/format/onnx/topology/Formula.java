package dev.weft.checkpoints.format.onnx.topology;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * Arithmetic on the values x of one layer: a tree of operations. What it computes is recognised by running it, see {@link
 * FormulaRecogniser}.
 */
sealed interface Formula {

    /** The values themselves. */
    Formula X = new Variable();

    /** The most operations in a tree. */
    int MAX_SIZE = 200;

    /** Returns the number of operations. */
    int size();

    /** Returns the results for neighbours x; means are taken over all of them. */
    double[] at(double[] x);

    /** The values themselves. */
    record Variable() implements Formula {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public double[] at(double[] x) {
            return x;
        }

        @Override
        public String toString() {
            return "x";
        }
    }

    /** A constant. */
    record Number(double value) implements Formula {
        @Override
        public int size() {
            return 0;
        }

        @Override
        public double[] at(double[] x) {
            double[] y = new double[x.length];
            Arrays.fill(y, value);
            return y;
        }

        @Override
        public String toString() {
            return Float.toString((float) value);
        }
    }

    /** A function of one argument. */
    record Applied(Function function, Formula of, int size) implements Formula {
        @Override
        public double[] at(double[] x) {
            return Arrays.stream(of.at(x)).map(function.operator).toArray();
        }

        @Override
        public String toString() {
            return word(function) + "(" + of + ")";
        }
    }

    /** An operation on two arguments. */
    record Combined(Operator operator, Formula left, Formula right, int size) implements Formula {
        @Override
        public double[] at(double[] x) {
            double[] a = left.at(x);
            double[] b = right.at(x);
            double[] y = new double[x.length];
            Arrays.setAll(y, i -> operator.operator.applyAsDouble(a[i], b[i]));
            return y;
        }

        @Override
        public String toString() {
            return word(operator) + "(" + left + ", " + right + ")";
        }
    }

    /**
     * The mean over neurons, the same for all of them.
     *
     * @param run how many neurons in a row are averaged
     */
    record Mean(Formula of, int run, int size) implements Formula {
        @Override
        public double[] at(double[] x) {
            double[] y = new double[x.length];
            Arrays.fill(y, Arrays.stream(of.at(x)).average().orElse(0));
            return y;
        }

        @Override
        public String toString() {
            return "mean(" + of + ")";
        }
    }

    /** Functions of one argument. */
    enum Function {
        NEGATIVE(x -> -x),
        ABSOLUTE(Math::abs),
        SQUARE_ROOT(Math::sqrt),
        RECIPROCAL(x -> 1 / x),
        EXPONENTIAL(Math::exp),
        LOGARITHM(Math::log),
        SIGMOID(x -> 1 / (1 + Math.exp(-x))),
        TANH(Math::tanh),
        SINE(Math::sin),
        COSINE(Math::cos),
        ERROR_FUNCTION(ErrorFunction::of),
        FLOOR(Math::floor),
        CEILING(Math::ceil),
        SIGN(Math::signum),
        NOT(x -> x == 0 ? 1 : 0),
        IS_NAN(x -> Double.isNaN(x) ? 1 : 0);

        private final DoubleUnaryOperator operator;

        Function(DoubleUnaryOperator operator) {
            this.operator = operator;
        }

        double of(double x) {
            return operator.applyAsDouble(x);
        }
    }

    /** Operations on two arguments. */
    enum Operator {
        SUM((a, b) -> a + b),
        DIFFERENCE((a, b) -> a - b),
        PRODUCT((a, b) -> a * b),
        QUOTIENT((a, b) -> a / b),
        POWER(Math::pow),
        LARGER(Math::max),
        SMALLER(Math::min);

        private final DoubleBinaryOperator operator;

        Operator(DoubleBinaryOperator operator) {
            this.operator = operator;
        }

        double of(double a, double b) {
            return operator.applyAsDouble(a, b);
        }
    }

    private static String word(Enum<?> operation) {
        return operation.name().toLowerCase(Locale.ROOT);
    }

    static Formula apply(Function function, Formula of) {
        return new Applied(function, of, counted(of.size()));
    }

    static Formula combine(Operator operator, Formula left, Formula right) {
        return new Combined(operator, left, right, counted(left.size() + right.size()));
    }

    static Formula mean(Formula of, int run) {
        return new Mean(of, run, counted(of.size()));
    }

    private static int counted(int below) {
        if (below >= MAX_SIZE) {
            throw new IllegalArgumentException("more than " + MAX_SIZE + " operations in a row are no known layer");
        }
        return below + 1;
    }

    /** Whether means over neurons are part of it. */
    default boolean hasMeans() {
        if (this instanceof Applied applied) {
            return applied.of.hasMeans();
        }
        return this instanceof Mean
                || (this instanceof Combined combined && (combined.left.hasMeans() || combined.right.hasMeans()));
    }

    /** Whether it is the same for all neurons. */
    default boolean constant() {
        if (this instanceof Applied applied) {
            return applied.of.constant();
        }
        if (this instanceof Combined combined) {
            return combined.left.constant() && combined.right.constant();
        }
        return !(this instanceof Variable);
    }

    /** Returns this formula with x in the place of a part. */
    default Formula without(Formula part) {
        if (equals(part)) {
            return X;
        }
        if (this instanceof Applied applied) {
            return apply(applied.function, applied.of.without(part));
        }
        if (this instanceof Combined combined) {
            return combine(combined.operator, combined.left.without(part), combined.right.without(part));
        }
        return this instanceof Mean mean ? mean(mean.of.without(part), mean.run) : this;
    }

    /** Whether x is found nowhere in {@code whole} but within this part of it. */
    default boolean hidesAll(Formula whole) {
        if (whole.equals(this)) {
            return true;
        }
        if (whole instanceof Applied applied) {
            return hidesAll(applied.of);
        }
        if (whole instanceof Combined combined) {
            return hidesAll(combined.left) && hidesAll(combined.right);
        }
        return whole instanceof Mean mean ? hidesAll(mean.of) : !(whole instanceof Variable);
    }
}
