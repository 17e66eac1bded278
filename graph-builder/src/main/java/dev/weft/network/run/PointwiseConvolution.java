package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Convolution;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Convolutions of one tap as one product, which costs the engine less than preparing a convolution on small maps. */
final class PointwiseConvolution {

    private static final List<Integer> ONE = List.of(1, 1);
    private static final List<Integer> NONE = List.of(0, 0);

    private PointwiseConvolution() {}

    /** Whether a convolution of one group can be computed so. */
    static boolean takes(Convolution layer) {
        return layer.kernel().equals(ONE) && layer.padding().equals(NONE);
    }

    /** x [m, in, height, width], filters [out, in, 1, 1], bias [out] or none. */
    static NDArray run(NDArray x, NDArray filters, @Nullable NDArray bias, Convolution layer) {
        int down = layer.stride().get(0);
        int across = layer.stride().get(1);
        NDArray read = down == 1 && across == 1 ? x : x.get(new NDIndex("..., ::{}, ::{}", down, across));
        Shape shape = read.getShape();
        NDArray pixels = read.transpose(0, 2, 3, 1).reshape(-1, shape.get(1));
        long out = filters.getShape().get(0);
        NDArray y = pixels.matMul(filters.reshape(out, shape.get(1)).transpose(1, 0));
        NDArray shifted = bias == null ? y : y.add(bias);
        return shifted.reshape(shape.get(0), shape.get(2), shape.get(3), out).transpose(0, 3, 1, 2);
    }
}
