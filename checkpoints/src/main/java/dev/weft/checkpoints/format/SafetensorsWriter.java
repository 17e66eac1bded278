package dev.weft.checkpoints.format;

import ai.djl.ndarray.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects tensors in memory and writes them as one safetensors file, whose bytes follow from the content alone. As a
 * {@link TensorSource} it can be written in any other {@link TensorFormat}.
 */
public final class SafetensorsWriter implements TensorSource {

    private final SortedMap<String, String> metadata = new TreeMap<>();
    private final SortedMap<String, Entry> entries = new TreeMap<>();

    private record Entry(String name, Dtype dtype, List<Long> shape, ByteBuffer bytes) implements NamedTensor {}

    /** Adds or replaces a free text. */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /** Adds free texts. */
    public SafetensorsWriter metadata(Map<String, String> texts) {
        metadata.putAll(texts);
        return this;
    }

    /** Adds a F32 tensor; {@code values} are row-major. */
    public SafetensorsWriter add(String name, List<Long> shape, float[] values) {
        ByteBuffer bytes = allocate(name, shape, values.length, Dtype.F32);
        bytes.asFloatBuffer().put(values);
        return put(new Entry(name, Dtype.F32, List.copyOf(shape), bytes));
    }

    /** Adds a F32 tensor; {@code values} are row-major. */
    public SafetensorsWriter add(String name, long[] shape, float[] values) {
        return add(name, Arrays.stream(shape).boxed().toList(), values);
    }

    /** Adds an I64 tensor; {@code values} are row-major. */
    public SafetensorsWriter add(String name, long[] shape, long[] values) {
        List<Long> sizes = Arrays.stream(shape).boxed().toList();
        ByteBuffer bytes = allocate(name, sizes, values.length, Dtype.I64);
        bytes.asLongBuffer().put(values);
        return put(new Entry(name, Dtype.I64, sizes, bytes));
    }

    /** Adds a tensor of any type; {@code values} are its bytes, row-major and little-endian. */
    public SafetensorsWriter add(String name, Dtype dtype, List<Long> shape, byte[] values) {
        if (values.length % dtype.bytes() != 0) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "': " + values.length + " bytes are no whole values of " + dtype);
        }
        ByteBuffer bytes = allocate(name, shape, values.length / dtype.bytes(), dtype);
        return put(new Entry(name, dtype, List.copyOf(shape), bytes.put(0, values)));
    }

    /** Adds a copy of an array's values in its own type. */
    public SafetensorsWriter add(String name, NDArray array) {
        Dtype dtype = Dtype.of(array.getDataType())
                .orElseThrow(() -> new IllegalArgumentException(
                        "tensor '" + name + "': safetensors has no type for " + array.getDataType()));
        List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
        return put(new Entry(name, dtype, shape, ByteBuffer.wrap(array.toByteArray())));
    }

    private static ByteBuffer allocate(String name, List<Long> shape, int values, Dtype dtype) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        if (elements != values || shape.stream().anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException(
                    "tensor '" + name + "': shape " + shape + " has " + elements + " values, got " + values);
        }
        return ByteBuffer.allocate(Math.multiplyExact(values, dtype.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    }

    private SafetensorsWriter put(Entry entry) {
        SafetensorsOutput.checkName(entry.name);
        if (entries.putIfAbsent(entry.name, entry) != null) {
            throw new IllegalArgumentException("two tensors are called '" + entry.name + "'");
        }
        return this;
    }

    /** Writes or replaces a file; it appears whole or not at all. */
    public void write(Path file) throws IOException {
        SafetensorsOutput.write(this, file);
    }

    @Override
    public String origin() {
        return "memory";
    }

    /** Returns the tensors so far, ordered by name. */
    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return Collections.unmodifiableMap(entries);
    }

    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        Entry entry = entries.get(tensor(name).name());
        Objects.requireNonNull(entry); // tensor() refuses what is not there
        target.put(entry.bytes.slice((int) position, target.remaining()));
    }
}
