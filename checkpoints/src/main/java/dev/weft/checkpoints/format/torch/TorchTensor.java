package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.torch.Pickled.View;
import java.util.List;

/**
 * A tensor of a PyTorch file.
 *
 * @param view checked against the storage
 * @param storage the entry with the bytes
 */
record TorchTensor(String name, View view, ZipEntry storage) implements NamedTensor {

    @Override
    public Dtype dtype() {
        return view.dtype();
    }

    @Override
    public List<Long> shape() {
        return view.shape();
    }

    /** Whether the values lie in the storage as they are to be given. */
    boolean isContiguous() {
        long expected = 1;
        for (int axis = shape().size() - 1; axis >= 0; axis--) {
            if (shape().get(axis) != 1 && view.strides().get(axis) != expected) {
                return elements() == 0;
            }
            expected *= shape().get(axis);
        }
        return true;
    }

    /** Returns where in the storage a value lies, both counted in values; O(axes). */
    long place(long index) {
        long rest = index;
        long at = view.offset();
        for (int axis = shape().size() - 1; axis >= 0; axis--) {
            at += rest % shape().get(axis) * view.strides().get(axis);
            rest /= shape().get(axis);
        }
        return at;
    }
}
