package dev.weft.symmetry.canonical;

import dev.weft.network.Axis.Segment;
import dev.weft.network.ParameterTensor;

/** Walks over the values of a tensor that belong to the neurons of one segment of one axis. */
final class TensorWalk {

    private TensorWalk() {}

    /** Sees one value. */
    @FunctionalInterface
    interface Visitor {

        /**
         * @param position in the row
         * @param unit of the segment's block
         * @param rest number of the value among those of its unit in this segment
         */
        void visit(int position, int unit, long rest);
    }

    /** Visits the values of segment {@code number} of an axis, whose neurons must not depend on the row. */
    static void over(ParameterTensor tensor, int axis, int number, Visitor visitor) {
        int start = 0;
        for (int s = 0; s < number; s++) {
            start += tensor.axes().get(axis).segments().get(s).size();
        }
        Segment segment = tensor.axes().get(axis).segments().get(number);
        int size = tensor.shape().get(axis);
        int after = 1;
        for (int a = axis + 1; a < tensor.shape().size(); a++) {
            after *= tensor.shape().get(a);
        }
        int before = (int) (tensor.size() / size / after);
        for (int b = 0; b < before; b++) {
            for (int i = 0; i < segment.size(); i++) {
                int inner = i % segment.inner();
                int outer = i / segment.inner() / segment.count();
                long rest = (((long) b * segment.outer() + outer) * segment.inner() + inner) * after;
                int position = (int) tensor.offset() + (b * size + start + i) * after;
                for (int r = 0; r < after; r++) {
                    visitor.visit(position + r, segment.unit(i), rest + r);
                }
            }
        }
    }
}
