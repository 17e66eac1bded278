package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Embedding;
import dev.weft.network.Form.Layout;
import dev.weft.network.ParameterTensor;
import java.util.Objects;

/** Tables that are looked up, added and prepended. */
final class EmbeddingOperations {

    private EmbeddingOperations() {}

    static void register() {
        Operations.register(Embedding.Lookup.class, EmbeddingOperations::lookup);
        Operations.register(Embedding.PositionTable.class, EmbeddingOperations::positionTable);
        Operations.register(Embedding.PositionArray.class, (step, layer) -> positionArray(step));
        Operations.register(Embedding.ClassToken.class, EmbeddingOperations::classToken);
        Operations.register(Embedding.SegmentTable.class, EmbeddingOperations::segmentTable);
        Operations.register(Embedding.TiedOutput.class, EmbeddingOperations::tiedOutput);
    }

    private static Batch lookup(Step step, Embedding.Lookup layer) {
        long n = step.networks();
        NDArray tokens = step.x();
        if (step.only().shared()) {
            Shape shape = tokens.getShape();
            tokens = tokens.expandDims(0).broadcast(n, shape.get(0), shape.get(1));
        }
        NDArray rows = tokens.toType(DataType.INT64, false);
        if (n > 1) {
            NDArray first = rows.getManager()
                    .arange(0, (int) n * layer.vocabulary(), layer.vocabulary(), DataType.INT64)
                    .toDevice(rows.getDevice(), false);
            rows = rows.add(first.reshape(n, 1, 1));
        }
        NDArray table = step.tensor("weight").reshape(n * layer.vocabulary(), layer.size());
        return Batch.of(table.get(new NDIndex("{}", rows)), Layout.SEQUENCE);
    }

    private static Batch positionTable(Step step, Embedding.PositionTable layer) {
        long length = step.x().getShape().get(2);
        NDArray rows = step.tensor("weight").get(new NDIndex(":, {}:{}", layer.first(), layer.first() + length));
        return step.only().with(step.x().add(rows.expandDims(1)));
    }

    private static Batch positionArray(Step step) {
        Batch x = step.only();
        NDArray array = step.tensor(""); // [n, 1, *shape]
        if (x.layout() == Layout.SEQUENCE) {
            return x.with(x.array().add(array));
        }
        Batch own = Batch.of(x.ownMaps(step.networks()), Layout.MAP);
        Shape shape = own.array().getShape();
        return own.with(own.array().add(array.reshape(new Shape(1, shape.get(1)).addAll(shape.slice(2)))));
    }

    private static Batch classToken(Step step, Embedding.ClassToken layer) {
        Shape shape = step.x().getShape();
        NDArray token = step.tensor("") // [n, 1, 1, size]
                .broadcast(shape.get(0), shape.get(1), 1, layer.size());
        return step.only().with(NDArrays.concat(new NDList(token, step.x()), 2));
    }

    private static Batch segmentTable(Step step, Embedding.SegmentTable layer) {
        NDArray first = step.tensor("weight").get(new NDIndex(":, 0")); // [n, size]
        return step.only().with(step.x().add(first.reshape(step.networks(), 1, 1, layer.size())));
    }

    private static Batch tiedOutput(Step step, Embedding.TiedOutput layer) {
        NDArray table = Objects.requireNonNull(
                step.tensors().get(ParameterTensor.nameOf(layer.embedding(), "weight")), layer.embedding());
        return step.only().with(LinearOperations.linear(step.x(), table, null));
    }
}
