package dev.weft.metanets.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.core.Linear;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The states of all edges, e = h W' + b with the last map left undone: everything that reads edge states begins with an
 * affine map of its own, and two affine maps in a row are one. This saves one matrix product over all edges a layer.
 *
 * @param hidden h, one array [b, t, s, d] for each of {@link GraphLayout#edges()}
 * @param pending the map that turns h into e, none if h is e
 */
public record EdgeState(List<NDArray> hidden, @Nullable Affine pending) {

    /** Returns the edge states themselves, one array [b, t, s, d] for each of {@link GraphLayout#edges()}. */
    public List<NDArray> values(ForwardPass pass) {
        Affine map = pending;
        return map == null
                ? hidden
                : hidden.stream().map(h -> map.forward(pass, h)).toList();
    }

    /** Returns e W' + b for all edges, with the pending map folded in; W [out, d], b [out]. */
    List<NDArray> apply(ForwardPass pass, NDArray weight, NDArray bias) {
        Map map = folded(pass, pending, weight, bias);
        return hidden.stream()
                .map(h -> Linear.linear(h, map.weight, map.bias).singletonOrThrow())
                .toList();
    }

    /** x W' + b; W [out, d], b [out]. */
    record Map(NDArray weight, NDArray bias) {}

    /** Returns a map that does the pending one first. */
    static Map folded(ForwardPass pass, @Nullable Affine pending, NDArray weight, NDArray bias) {
        if (pending == null) {
            return new Map(weight, bias);
        }
        NDArray shift = weight.matMul(pending.bias(pass).expandDims(1)).squeeze(1);
        return new Map(weight.matMul(pending.weight(pass)), shift.add(bias));
    }
}
