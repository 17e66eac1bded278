package dev.weft.network.run;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Form.Layout;
import dev.weft.network.Junction;
import dev.weft.network.Reshaping;

/** Views, parts, sums, products and concatenations. */
final class ShapeOperations {

    private ShapeOperations() {}

    static void register() {
        Operations.register(Reshaping.Flatten.class, (step, layer) -> flatten(step));
        Operations.register(Reshaping.ToSequence.class, (step, layer) -> toSequence(step));
        Operations.register(Reshaping.ToMap.class, ShapeOperations::toMap);
        Operations.register(Reshaping.ToPixel.class, (step, layer) -> toPixel(step));
        Operations.register(Reshaping.Positions.class, ShapeOperations::positions);
        Operations.register(Reshaping.Position.class, ShapeOperations::position);
        Operations.register(Reshaping.Slice.class, ShapeOperations::slice);
        Operations.register(
                Reshaping.Crop.class,
                (step, layer) ->
                        step.only().with(step.x().get(new NDIndex(":, :, {}:, {}:", layer.top(), layer.left()))));
        Operations.register(Junction.Add.class, (step, layer) -> add(step));
        Operations.register(Junction.Multiply.class, (step, layer) -> multiply(step));
        Operations.register(Junction.Concat.class, (step, layer) -> concat(step));
    }

    private static Batch flatten(Step step) {
        Batch x = step.only();
        long n = step.networks();
        if (x.layout() == Layout.SEQUENCE) {
            Shape shape = x.array().getShape();
            return Batch.of(x.array().reshape(shape.get(0), shape.get(1), -1), Layout.VECTOR);
        }
        NDArray maps = x.ownMaps(n);
        return Batch.of(maps.reshape(maps.getShape().get(0), n, -1).transpose(1, 0, 2), Layout.VECTOR);
    }

    private static Batch toSequence(Step step) {
        long n = step.networks();
        NDArray maps = Batch.of(step.only().ownMaps(n), Layout.MAP).unfolded(n);
        return Batch.of(maps.transpose(1, 0, 3, 2), Layout.SEQUENCE);
    }

    private static Batch toMap(Step step, Reshaping.ToMap layer) {
        NDArray channels = step.x().transpose(1, 0, 3, 2); // [m, n, units, positions]
        long m = channels.getShape().get(0);
        return Batch.of(channels.reshape(m, -1, layer.height(), layer.width()), Layout.MAP);
    }

    private static Batch toPixel(Step step) {
        NDArray channels = step.x().transpose(1, 0, 2);
        return Batch.of(channels.reshape(channels.getShape().get(0), -1, 1, 1), Layout.MAP);
    }

    private static Batch positions(Step step, Reshaping.Positions layer) {
        Batch x = step.only();
        NDIndex index = x.layout() == Layout.SEQUENCE
                ? new NDIndex(":, :, {}:{}", layer.from(), layer.to())
                : new NDIndex("..., {}:{}", layer.from(), layer.to());
        return x.with(x.array().get(index));
    }

    private static Batch position(Step step, Reshaping.Position layer) {
        long last = step.x().getShape().get(2) - 1;
        long index = layer.index() < 0 ? last : layer.index();
        return Batch.of(step.x().get(new NDIndex(":, :, {}", index)), Layout.VECTOR);
    }

    private static Batch slice(Step step, Reshaping.Slice layer) {
        Batch x = step.only();
        if (x.layout() != Layout.MAP) {
            return x.with(x.array().get(new NDIndex("..., {}:{}", layer.from(), layer.to())));
        }
        long n = x.shared() ? 1 : step.networks();
        Shape shape = x.array().getShape();
        NDArray part = x.unfolded(n).get(new NDIndex(":, :, {}:{}", layer.from(), layer.to()));
        return x.with(part.reshape(new Shape(shape.get(0), n * (layer.to() - layer.from())).addAll(shape.slice(2))));
    }

    private static Batch add(Step step) {
        Batch first = own(step, 0);
        NDArray sum = first.array();
        for (int i = 1; i < step.inputs().size(); i++) {
            sum = sum.add(own(step, i).array());
        }
        return first.with(sum);
    }

    private static Batch own(Step step, int input) {
        Batch x = step.inputs().get(input);
        return x.layout() == Layout.MAP ? Batch.of(x.ownMaps(step.networks()), Layout.MAP) : x;
    }

    private static Batch multiply(Step step) {
        Batch first = own(step, 0);
        Batch second = own(step, 1);
        if (first.layout() == second.layout()) {
            boolean firstIsWide = first.array().size() >= second.array().size();
            return (firstIsWide ? first : second).with(first.array().mul(second.array()));
        }
        Batch wide = first.layout() == Layout.VECTOR ? second : first;
        NDArray gates = (wide == first ? second : first).array(); // [n, m, units]
        return wide.with(wide.array().mul(overPositions(wide, gates)));
    }

    private static NDArray overPositions(Batch wide, NDArray gates) {
        if (wide.layout() == Layout.SEQUENCE) {
            return gates.expandDims(2);
        }
        Shape shape = new Shape(
                gates.getShape().get(1),
                gates.getShape().get(0) * gates.getShape().get(2));
        for (int i = 2; i < wide.array().getShape().dimension(); i++) {
            shape = shape.add(1);
        }
        return gates.transpose(1, 0, 2).reshape(shape);
    }

    private static Batch concat(Step step) {
        Batch first = own(step, 0);
        NDList parts = new NDList();
        long n = step.networks();
        if (n == 1 && first.layout() == Layout.MAP) {
            step.inputs().forEach(input -> parts.add(input.array()));
            return first.with(Joined.of(parts, 1)); // as its parts lie in memory
        }
        for (int i = 0; i < step.inputs().size(); i++) {
            Batch part = own(step, i);
            parts.add(part.layout() == Layout.MAP ? part.unfolded(n) : part.array());
        }
        if (first.layout() != Layout.MAP) {
            return first.with(Joined.of(parts, first.array().getShape().dimension() - 1));
        }
        Shape shape = first.array().getShape();
        NDArray joined = Joined.of(parts, 2); // [m, n, units, positions]
        long units = joined.getShape().get(2);
        return first.with(joined.reshape(new Shape(shape.get(0), n * units).addAll(shape.slice(2))));
    }
}
