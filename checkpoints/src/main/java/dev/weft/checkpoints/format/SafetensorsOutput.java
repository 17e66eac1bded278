package dev.weft.checkpoints.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tensors on their way to safetensors. The bytes follow from the content alone: keys are sorted, the data are laid out by
 * falling element size and then by name so that every tensor is aligned, and the header is padded to eight bytes. Values are
 * read from the source while they are written, a piece at a time.
 */
public final class SafetensorsOutput {

    private static final int ALIGNMENT = 8;
    private static final JsonFactory JSON = new JsonFactory();

    private final TensorSource source;
    private final List<NamedTensor> layout;
    private final byte[] header;

    private SafetensorsOutput(TensorSource source, List<NamedTensor> layout, byte[] header) {
        this.source = source;
        this.layout = layout;
        this.header = header;
    }

    /**
     * Lays out all tensors of a source.
     *
     * @throws IllegalArgumentException if the format has no place for one
     */
    public static SafetensorsOutput of(TensorSource source) throws IOException {
        return of(source, source.tensors().values(), source.metadata());
    }

    private static SafetensorsOutput of(
            TensorSource source, Collection<? extends NamedTensor> some, Map<String, String> metadata)
            throws IOException {
        List<NamedTensor> layout = new ArrayList<>(some);
        layout.sort(
                Comparator.comparingInt((NamedTensor t) -> -t.dtype().bytes()).thenComparing(NamedTensor::name));
        return new SafetensorsOutput(source, layout, header(layout, metadata));
    }

    /** Writes or replaces a file; it appears whole or not at all. */
    static void write(TensorSource source, Path file) throws IOException {
        AtomicFile.write(file, of(source)::writeTo);
    }

    /** Writes some of a source's tensors. */
    static void write(
            TensorSource source, Collection<? extends NamedTensor> some, Map<String, String> metadata, Path file)
            throws IOException {
        AtomicFile.write(file, of(source, some, metadata)::writeTo);
    }

    /** Returns how many bytes will be written. */
    public long length() {
        return Long.BYTES
                + header.length
                + layout.stream().mapToLong(NamedTensor::byteLength).sum();
    }

    /** Writes everything, header first. */
    public void writeTo(WritableByteChannel channel) throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        prefix.putLong(0, header.length);
        writeFully(channel, prefix);
        writeFully(channel, ByteBuffer.wrap(header));
        for (NamedTensor tensor : layout) {
            PieceReader.forEach(source, tensor, (piece, first) -> writeFully(channel, piece));
        }
    }

    private static void writeFully(WritableByteChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private static byte[] header(List<NamedTensor> layout, Map<String, String> metadata) throws IOException {
        Map<String, NamedTensor> byName = new TreeMap<>();
        Map<String, Long> begins = new LinkedHashMap<>();
        long offset = 0;
        for (NamedTensor tensor : layout) {
            checkName(tensor.name());
            byName.put(tensor.name(), tensor);
            begins.put(tensor.name(), offset);
            offset = Math.addExact(offset, tensor.byteLength());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA);
                for (Map.Entry<String, String> text : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(text.getKey(), text.getValue());
                }
                json.writeEndObject();
            }
            for (NamedTensor tensor : byName.values()) {
                writeEntry(json, tensor, begins.getOrDefault(tensor.name(), 0L));
            }
            json.writeEndObject();
        }
        while (out.size() % ALIGNMENT != 0) {
            out.write(' ');
        }
        if (out.size() > Safetensors.HEADER_LIMIT) {
            throw new IllegalArgumentException("the header would have " + out.size()
                    + " bytes; safetensors readers take " + Safetensors.HEADER_LIMIT);
        }
        return out.toByteArray();
    }

    /** Refuses the one name that safetensors keeps for itself. */
    static void checkName(String name) {
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("a tensor cannot be called " + name);
        }
    }

    private static void writeEntry(JsonGenerator json, NamedTensor tensor, long begin) throws IOException {
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", tensor.dtype().name());
        json.writeFieldName("shape");
        json.writeArray(shape, 0, shape.length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, begin + tensor.byteLength()}, 0, 2);
        json.writeEndObject();
    }
}
