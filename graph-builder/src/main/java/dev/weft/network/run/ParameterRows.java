package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.List;

/** Cuts a batch of flat rows into tensors and lays tensors back into rows; differentiable both ways. */
public final class ParameterRows {

    private ParameterRows() {}

    /**
     * Cuts rows into views, without a copy.
     *
     * @param architecture says where each tensor lies
     * @param rows [n, P]
     * @return one array [n, *shape] for each of {@link Architecture#parameters()}
     * @throws IllegalArgumentException if the rows are not P wide
     */
    public static List<NDArray> split(Architecture architecture, NDArray rows) {
        Shape shape = rows.getShape();
        long p = architecture.parameterCount();
        if (shape.dimension() != 2 || shape.get(1) != p) {
            throw new IllegalArgumentException("rows of " + architecture + " are [n, " + p + "], got " + shape);
        }
        List<ParameterTensor> parameters = architecture.parameters();
        long[] cuts =
                parameters.stream().skip(1).mapToLong(ParameterTensor::offset).toArray();
        // One split instead of many slices: its gradient is one concatenation, theirs a sum of zero-filled rows.
        NDList flat = cuts.length == 0 ? new NDList(rows) : rows.split(cuts, 1);
        List<NDArray> tensors = new ArrayList<>(parameters.size());
        for (int i = 0; i < parameters.size(); i++) {
            tensors.add(flat.get(i).reshape(shapeOf(shape.get(0), parameters.get(i))));
        }
        return tensors;
    }

    /**
     * Lays tensors into rows, the inverse of {@link #split}.
     *
     * @param tensors one array [n, *shape] for each of {@link Architecture#parameters()}
     * @return [n, P]
     * @throws IllegalArgumentException if tensors are missing or have other shapes
     */
    public static NDArray join(Architecture architecture, List<NDArray> tensors) {
        List<ParameterTensor> parameters = architecture.parameters();
        if (tensors.size() != parameters.size()) {
            throw new IllegalArgumentException(
                    architecture + " has " + parameters.size() + " tensors, got " + tensors.size());
        }
        NDList flat = new NDList(tensors.size());
        for (int i = 0; i < tensors.size(); i++) {
            flat.add(flatten(parameters.get(i), tensors.get(i)));
        }
        return Joined.of(flat, 1);
    }

    private static NDArray flatten(ParameterTensor parameter, NDArray tensor) {
        long n = tensor.getShape().dimension() == 0 ? 0 : tensor.getShape().get(0);
        if (!tensor.getShape().equals(shapeOf(n, parameter))) {
            throw new IllegalArgumentException("'" + parameter.name() + "': expected [n, *shape] with shape "
                    + parameter.shape() + ", got " + tensor.getShape());
        }
        return tensor.reshape(n, parameter.size());
    }

    private static Shape shapeOf(long n, ParameterTensor tensor) {
        return new Shape(n)
                .addAll(new Shape(
                        tensor.shape().stream().mapToLong(Integer::longValue).toArray()));
    }
}
