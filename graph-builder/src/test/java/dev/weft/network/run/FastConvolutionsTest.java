package dev.weft.network.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.GradientCollector;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Convolutions that are computed in another way than the engine's own give the same values and gradients. */
class FastConvolutionsTest {

    private static final double TOLERANCE = 2e-5;

    private static Convolution convolution(
            int in, int out, int kernel, int stride, int padding, int dilation, int groups, boolean bias) {
        return new Convolution(
                in,
                out,
                List.of(kernel, kernel),
                List.of(stride, stride),
                List.of(padding, padding),
                List.of(dilation, dilation),
                groups,
                bias);
    }

    /** One way to compute a convolution. */
    private interface Way {
        NDArray run(NDArray x, NDArray filters, @Nullable NDArray bias);
    }

    /** Compares outputs and the gradients of a weighted sum of them. */
    private static void assertSame(Convolution layer, int side, Way plain, Way fast) {
        try (NDManager manager = NDManager.newBaseManager()) {
            Shape shape = new Shape(3, layer.in(), side, side);
            NDArray filters = manager.randomNormal(new Shape(
                    layer.out(),
                    layer.in() / layer.groups(),
                    layer.kernel().get(0),
                    layer.kernel().get(1)));
            NDArray bias = layer.bias() ? manager.randomNormal(new Shape(layer.out())) : null;
            NDArray x = manager.randomNormal(shape);
            NDArray[] one = outcome(manager, x, filters, bias, plain);
            NDArray[] other = outcome(manager, x, filters, bias, fast);
            for (int i = 0; i < one.length; i++) {
                assertEquals(one[i].getShape(), other[i].getShape());
                assertEquals(0, one[i].sub(other[i]).abs().max().getFloat(), TOLERANCE * 10, "array " + i);
            }
        }
    }

    private static NDArray[] outcome(
            NDManager manager, NDArray values, NDArray weights, @Nullable NDArray shift, Way way) {
        NDArray x = values.duplicate();
        NDArray filters = weights.duplicate();
        x.setRequiresGradient(true);
        filters.setRequiresGradient(true);
        NDArray y;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            y = way.run(x, filters, shift);
            NDArray factors = manager.arange(y.size())
                    .toType(y.getDataType(), false)
                    .reshape(y.getShape())
                    .sin();
            collector.backward(y.mul(factors).sum());
        }
        return new NDArray[] {y, x.getGradient(), filters.getGradient()};
    }

    @SuppressWarnings("NullAway") // DJL takes null for no bias
    private static Way engine(Convolution layer) {
        return (x, filters, bias) -> Conv2d.conv2d(
                        x,
                        filters,
                        bias,
                        shape(layer.stride()),
                        shape(layer.padding()),
                        shape(layer.dilation()),
                        layer.groups())
                .singletonOrThrow();
    }

    private static Shape shape(List<Integer> extents) {
        return new Shape(extents.stream().mapToLong(Integer::longValue).toArray());
    }

    @ParameterizedTest
    @CsvSource({"8, 1, true", "8, 2, false", "7, 2, true", "7, 3, false", "1, 2, true"})
    void oneTapIsAProduct(int side, int stride, boolean bias) {
        Convolution layer = convolution(5, 4, 1, stride, 0, 1, 1, bias);
        assertTrue(PointwiseConvolution.takes(layer));
        assertSame(
                layer, side, engine(layer), (x, filters, shift) -> PointwiseConvolution.run(x, filters, shift, layer));
        assertFalse(PointwiseConvolution.takes(convolution(5, 4, 1, 1, 1, 1, 1, bias)), "padded");
        assertFalse(PointwiseConvolution.takes(convolution(5, 4, 3, 1, 0, 1, 1, bias)));
    }

    @ParameterizedTest
    @CsvSource({
        "8, 3, 1, 2, true",
        "8, 3, 2, 2, false",
        "7, 3, 2, 2, true",
        "6, 5, 1, 4, false",
        "9, 5, 2, 4, true",
        "8, 3, 1, 0, false",
        "2, 3, 1, 2, true"
    })
    void tapsTwoPixelsApartAreTapsOfEachParity(int side, int kernel, int stride, int padding, boolean bias) {
        Convolution layer = convolution(6, 6, kernel, stride, padding, 2, 6, bias);
        assertTrue(DilatedConvolution.takes(layer, new Shape(3, 6, side, side)));
        assertSame(
                layer,
                side,
                engine(layer),
                (x, filters, shift) -> DilatedConvolution.run(x, filters, shift, layer, layer.groups()));
    }

    @Test
    void whatDoesNotFallApartByParityIsLeftToTheEngine() {
        Shape odd = new Shape(3, 6, 7, 8);
        Shape even = new Shape(3, 6, 8, 8);
        assertFalse(DilatedConvolution.takes(convolution(6, 6, 3, 1, 2, 2, 6, false), odd));
        assertFalse(DilatedConvolution.takes(convolution(6, 6, 3, 1, 1, 2, 6, false), even), "odd padding");
        assertFalse(DilatedConvolution.takes(convolution(6, 6, 3, 1, 2, 2, 1, false), even), "one group");
        assertFalse(DilatedConvolution.takes(convolution(6, 6, 3, 3, 2, 2, 6, false), even), "stride 3");
        assertFalse(DilatedConvolution.takes(convolution(6, 6, 3, 1, 3, 3, 6, false), even), "dilation 3");
    }

    /**
     * A single network's channels lie side by side in memory, those of two networks do not: both ways have to agree.
     *
     * <pre>
     *   x - stem - dil - bn - max - 1x1 - concat - avg - mean
     *                 \____________________/
     * </pre>
     */
    @Test
    void oneNetworkIsRunAsItIsBesideAnother() {
        Architecture network = Architecture.builder("t", new Input.Image(3, 6, 6))
                .add("stem", convolution(3, 4, 3, 1, 1, 1, 1, true))
                .add("dil", convolution(4, 4, 3, 1, 2, 2, 4, false))
                .add("bn", new Norm.BatchNorm(4, 1e-5, true, false))
                .add("max", new Pooling.MaxPool(List.of(3, 3), List.of(1, 1), List.of(1, 1)))
                .add("one", convolution(4, 5, 1, 2, 0, 1, 1, true))
                .add("half", convolution(4, 3, 1, 2, 0, 1, 1, false), "dil")
                .add("both", new Junction.Concat(), "one", "half")
                .add("avg", new Pooling.AvgPool(List.of(3, 3), List.of(1, 1), List.of(1, 1), false))
                .add("mean", new Pooling.GlobalAvgPool())
                .build();
        try (NDManager manager = NDManager.newBaseManager()) {
            int p = (int) network.parameterCount();
            NDArray row = manager.randomNormal(new Shape(1, p));
            NDArray inputs = manager.randomNormal(new Shape(4, 3, 6, 6));
            NDArray[] alone =
                    outcome(manager, row, inputs, null, (r, x, none) -> new FunctionalNetwork(network).forward(r, x));
            NDArray two = row.concat(manager.randomNormal(new Shape(1, p)), 0);
            NDArray[] beside = outcome(
                    manager,
                    two,
                    inputs,
                    null,
                    (r, x, none) -> new FunctionalNetwork(network).forward(r, x).get("0:1"));
            assertEquals(0, alone[0].sub(beside[0]).abs().max().getFloat(), TOLERANCE);
            assertEquals(0, alone[1].sub(beside[1].get("0:1")).abs().max().getFloat(), TOLERANCE);
            assertEquals(0, alone[2].sub(beside[2]).abs().max().getFloat(), TOLERANCE);
        }
    }
}
