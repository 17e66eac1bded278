package dev.weft.checkpoints.format.onnx.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.checkpoints.format.onnx.topology.Formula.Function;
import dev.weft.checkpoints.format.onnx.topology.Formula.Number;
import dev.weft.checkpoints.format.onnx.topology.Formula.Operator;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FormulaRecogniserTest {

    private static Formula sum(Formula a, Formula b) {
        return Formula.combine(Operator.SUM, a, b);
    }

    private static Formula product(Formula a, Formula b) {
        return Formula.combine(Operator.PRODUCT, a, b);
    }

    private static Formula number(double value) {
        return new Number(value);
    }

    @Test
    void silu() {
        Formula gate = Formula.apply(Function.SIGMOID, Formula.X);
        assertEquals(Optional.of(new Layer.Silu()), FormulaRecogniser.activation(product(Formula.X, gate)));
        assertEquals(Optional.of(new Layer.Silu()), FormulaRecogniser.activation(product(gate, Formula.X)));
    }

    /** Both kinds of GELU, which differ by less than 0.0005 everywhere, are told apart. */
    @Test
    void gelu() {
        Formula erf = Formula.apply(Function.ERROR_FUNCTION, product(Formula.X, number((float) Math.sqrt(0.5))));
        Formula exact = product(product(Formula.X, number(0.5)), sum(number(1), erf));
        assertEquals(Optional.of(new Layer.Gelu()), FormulaRecogniser.activation(exact));
        Formula cube = Formula.combine(Operator.POWER, Formula.X, number(3));
        Formula inner =
                product(sum(Formula.X, product(number(0.044715f), cube)), number((float) Math.sqrt(2 / Math.PI)));
        Formula tanh = product(product(Formula.X, number(0.5)), sum(number(1), Formula.apply(Function.TANH, inner)));
        assertEquals(Optional.of(new Layer.GeluTanh()), FormulaRecogniser.activation(tanh));
    }

    @Test
    void constantsAreThoseThatThePersonWrote() {
        Formula sine = Formula.apply(Function.SINE, product(number(30), Formula.X));
        assertEquals(Optional.of(new Layer.Sine(30)), FormulaRecogniser.activation(sine));
        Formula leaky = sum(
                Formula.combine(Operator.LARGER, Formula.X, number(0)),
                product(Formula.combine(Operator.SMALLER, Formula.X, number(0)), number(0.1f)));
        assertEquals(Optional.of(new Layer.LeakyRelu(0.1)), FormulaRecogniser.activation(leaky));
        assertEquals(Optional.of(new Layer.Offset(0.5)), FormulaRecogniser.activation(sum(Formula.X, number(0.5))));
    }

    @Test
    void layerNorm() {
        Formula deviation = Formula.combine(Operator.DIFFERENCE, Formula.X, Formula.mean(Formula.X, 12));
        Formula variance = Formula.mean(Formula.combine(Operator.POWER, deviation, number(2)), 12);
        Formula root = Formula.apply(Function.SQUARE_ROOT, sum(variance, number(1e-5f)));
        Formula norm = Formula.combine(Operator.QUOTIENT, deviation, root);
        assertEquals(Optional.of(new Norm.LayerNorm(12, 1e-5, false, false)), FormulaRecogniser.layerNorm(norm));
        assertEquals(Optional.empty(), FormulaRecogniser.rmsNorm(norm));
    }

    @Test
    void rmsNorm() {
        Formula square = Formula.mean(product(Formula.X, Formula.X), 8);
        Formula root = Formula.apply(Function.SQUARE_ROOT, sum(square, number(1e-6f)));
        Formula norm = product(Formula.X, Formula.apply(Function.RECIPROCAL, root));
        assertEquals(Optional.of(new Norm.RmsNorm(8, 1e-6)), FormulaRecogniser.rmsNorm(norm));
        assertEquals(Optional.empty(), FormulaRecogniser.layerNorm(norm));
    }

    @Test
    void whatIsNoLayerIsNotRecognised() {
        Formula mish = product(
                Formula.X,
                Formula.apply(
                        Function.TANH,
                        Formula.apply(
                                Function.LOGARITHM, sum(number(1), Formula.apply(Function.EXPONENTIAL, Formula.X)))));
        assertEquals(Optional.empty(), FormulaRecogniser.activation(mish));
    }

    @Test
    void errorFunction() {
        assertEquals(0.8427007929497149, ErrorFunction.of(1), 1e-15);
        assertEquals(-0.9953222650189527, ErrorFunction.of(-2), 1e-15);
        assertEquals(0.9999999999984626, ErrorFunction.of(5), 1e-15);
    }
}
