package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import dev.weft.network.Form.Layout;
import dev.weft.network.Layer;
import java.util.function.UnaryOperator;

/** Elementwise functions. */
final class ActivationOperations {

    private ActivationOperations() {}

    static void register() {
        Operations.register(
                Layer.Sine.class,
                (step, sine) -> step.only()
                        .with(step.x().mul(Constants.of(step.x(), sine.w0())).sin()));
        Operations.register(
                Layer.LeakyRelu.class,
                (step, leaky) -> step.only().with(Activation.leakyRelu(step.x(), (float) leaky.slope())));
        Operations.register(
                Layer.Offset.class, (step, offset) -> step.only().with(step.x().add(offset.value())));
        Operations.register(
                Layer.Multiplier.class,
                (step, layer) -> step.only().with(step.x().mul(Constants.of(step.x(), layer.factor()))));
        elementwise(Layer.Relu.class, Activation::relu);
        elementwise(Layer.Relu6.class, Activation::relu6);
        elementwise(Layer.Tanh.class, NDArray::tanh);
        elementwise(Layer.Sigmoid.class, Activation::sigmoid);
        elementwise(Layer.Gelu.class, Activation::gelu);
        elementwise(Layer.GeluTanh.class, ActivationOperations::geluTanh);
        elementwise(Layer.Silu.class, x -> x.mul(Activation.sigmoid(x)));
        elementwise(Layer.HardSigmoid.class, ActivationOperations::hardSigmoid);
        elementwise(Layer.HardSwish.class, x -> x.mul(hardSigmoid(x)));
        Operations.register(Layer.Softmax.class, (step, layer) -> softmax(step));
    }

    private static <L extends Layer> void elementwise(Class<L> type, UnaryOperator<NDArray> function) {
        Operations.register(type, (step, layer) -> step.only().with(function.apply(step.x())));
    }

    private static NDArray hardSigmoid(NDArray x) {
        return Activation.relu6(x.add(3)).mul(Constants.of(x, 1.0 / 6));
    }

    private static NDArray geluTanh(NDArray x) {
        NDArray cubic = x.mul(x).mul(x).mul(Constants.of(x, 0.044715)).add(x);
        NDArray inner = cubic.mul(Constants.of(x, Math.sqrt(2 / Math.PI))).tanh();
        return x.mul(inner.add(1)).mul(Constants.of(x, 0.5));
    }

    private static Batch softmax(Step step) {
        Batch x = step.only();
        if (x.layout() != Layout.MAP) {
            return x.with(x.array().softmax(-1));
        }
        long n = x.shared() ? 1 : step.networks();
        return x.with(x.unfolded(n).softmax(2).reshape(x.array().getShape()));
    }
}
