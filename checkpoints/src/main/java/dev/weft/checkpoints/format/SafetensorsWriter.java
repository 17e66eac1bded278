package dev.weft.checkpoints.format;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Collects tensors and writes them as one safetensors file. The bytes follow from the content alone: keys are sorted,
 * the data are laid out by falling element size and then by name so that every tensor is aligned, and the header is
 * padded to eight bytes.
 */
public final class SafetensorsWriter {

    private static final int ALIGNMENT = 8;
    private static final JsonFactory JSON = new JsonFactory();

    private final SortedMap<String, String> metadata = new TreeMap<>();
    private final SortedMap<String, Entry> entries = new TreeMap<>();

    private record Entry(String name, Dtype dtype, long[] shape, ByteBuffer bytes) {}

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
        return add(name, shape.stream().mapToLong(Long::longValue).toArray(), values);
    }

    /** Adds a F32 tensor; {@code values} are row-major. */
    public SafetensorsWriter add(String name, long[] shape, float[] values) {
        ByteBuffer bytes = allocate(name, shape, values.length, Dtype.F32);
        bytes.asFloatBuffer().put(values);
        return put(new Entry(name, Dtype.F32, shape.clone(), bytes));
    }

    /** Adds an I64 tensor; {@code values} are row-major. */
    public SafetensorsWriter add(String name, long[] shape, long[] values) {
        ByteBuffer bytes = allocate(name, shape, values.length, Dtype.I64);
        bytes.asLongBuffer().put(values);
        return put(new Entry(name, Dtype.I64, shape.clone(), bytes));
    }

    /** Adds a copy of an array's values in its own type. */
    public SafetensorsWriter add(String name, NDArray array) {
        Dtype dtype = Dtype.of(array.getDataType())
                .orElseThrow(() -> new IllegalArgumentException(
                        "tensor '" + name + "': safetensors has no type for " + array.getDataType()));
        byte[] values = array.toByteArray();
        return put(new Entry(name, dtype, array.getShape().getShape().clone(), ByteBuffer.wrap(values)));
    }

    private static ByteBuffer allocate(String name, long[] shape, int values, Dtype dtype) {
        long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (elements != values || Arrays.stream(shape).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException("tensor '" + name + "': shape " + Arrays.toString(shape) + " has "
                    + elements + " values, got " + values);
        }
        return ByteBuffer.allocate(Math.multiplyExact(values, dtype.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    }

    private SafetensorsWriter put(Entry entry) {
        if (entry.name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("a tensor cannot be called " + entry.name);
        }
        if (entries.putIfAbsent(entry.name, entry) != null) {
            throw new IllegalArgumentException("two tensors are called '" + entry.name + "'");
        }
        return this;
    }

    /** Writes or replaces a file; it appears whole or not at all. */
    public void write(Path file) throws IOException {
        List<Entry> layout = new ArrayList<>(entries.values());
        layout.sort(Comparator.comparingInt((Entry e) -> -e.dtype.bytes()).thenComparing(Entry::name));
        byte[] header = header(layout);
        ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        prefix.putLong(0, header.length);
        AtomicFile.write(file, channel -> {
            writeFully(channel, prefix);
            writeFully(channel, ByteBuffer.wrap(header));
            for (Entry entry : layout) {
                writeFully(channel, entry.bytes.duplicate());
            }
        });
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private byte[] header(List<Entry> layout) throws IOException {
        Map<String, Long> begins = new TreeMap<>();
        long offset = 0;
        for (Entry entry : layout) {
            begins.put(entry.name, offset);
            offset += entry.bytes.capacity();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> text : metadata.entrySet()) {
                    json.writeStringField(text.getKey(), text.getValue());
                }
                json.writeEndObject();
            }
            for (Entry entry : entries.values()) {
                writeEntry(json, entry, begins.getOrDefault(entry.name, 0L));
            }
            json.writeEndObject();
        }
        while (out.size() % ALIGNMENT != 0) {
            out.write(' ');
        }
        return out.toByteArray();
    }

    private static void writeEntry(JsonGenerator json, Entry entry, long begin) throws IOException {
        json.writeObjectFieldStart(entry.name);
        json.writeStringField("dtype", entry.dtype.name());
        json.writeFieldName("shape");
        json.writeArray(entry.shape, 0, entry.shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, begin + entry.bytes.capacity()}, 0, 2);
        json.writeEndObject();
    }
}
