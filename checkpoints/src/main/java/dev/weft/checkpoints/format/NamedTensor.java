package dev.weft.checkpoints.format;

import java.util.List;

/** What is known about a tensor without its values. */
public interface NamedTensor {

    /** Returns the name, as in the state dict. */
    String name();

    /** Returns the type of the values. */
    Dtype dtype();

    /** Returns the sizes in row-major order, empty for a scalar. */
    List<Long> shape();

    /** Returns the number of values. */
    default long elements() {
        return shape().stream().reduce(1L, Math::multiplyExact);
    }

    /** Returns how many bytes the values take, row-major and without gaps. */
    default long byteLength() {
        return Math.multiplyExact(elements(), (long) dtype().bytes());
    }

    /** Returns whether two tensors have the same name, type and shape. */
    default boolean isLike(NamedTensor other) {
        return name().equals(other.name()) && dtype() == other.dtype() && shape().equals(other.shape());
    }
}
