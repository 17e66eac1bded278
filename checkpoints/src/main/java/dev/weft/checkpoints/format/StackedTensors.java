package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One of several states that lie in one file, each tensor with the states on its first axis. */
public final class StackedTensors implements TensorSource {

    private final TensorSource stack;
    private final int index;
    private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();

    private record Slice(String name, Dtype dtype, List<Long> shape) implements NamedTensor {}

    private StackedTensors(TensorSource stack, int index) {
        this.stack = stack;
        this.index = index;
        stack.tensors().forEach((name, tensor) -> {
            List<Long> shape = tensor.shape();
            tensors.put(name, new Slice(name, tensor.dtype(), List.copyOf(shape.subList(1, shape.size()))));
        });
    }

    /**
     * Takes a stack apart.
     *
     * @param stack must stay open as long as the states are read
     * @param count how many states there must be
     * @throws FormatException if a tensor has another first axis
     */
    public static List<StackedTensors> of(TensorSource stack, int count) throws FormatException {
        for (NamedTensor tensor : stack.tensors().values()) {
            if (tensor.shape().isEmpty() || tensor.shape().get(0) != count) {
                throw new FormatException.Corrupt(
                        stack.origin(),
                        "tensor '" + tensor.name() + "': expected " + count + " states on the first axis, found shape "
                                + tensor.shape());
            }
        }
        List<StackedTensors> states = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            states.add(new StackedTensors(stack, i));
        }
        return states;
    }

    @Override
    public String origin() {
        return "state " + (index + 1) + " of " + stack.origin();
    }

    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public Map<String, String> metadata() {
        return stack.metadata();
    }

    @Override
    public boolean isMapped(String name) throws IOException {
        return stack.isMapped(name);
    }

    @Override
    public ByteBuffer bytes(String name) throws IOException {
        if (!isMapped(name)) {
            return TensorSource.super.bytes(name);
        }
        ByteBuffer all = stack.bytes(name);
        int length = PieceReader.length(this, tensor(name), Byte.BYTES);
        return all.slice(index * length, length).order(all.order());
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        stack.read(name, index * tensor(name).byteLength() + position, target);
    }
}
