package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A memory-mapped safetensors file: eight bytes with the length of a JSON header, the header, and the tensors' values.
 * All of the header is checked when the file is opened; the values are read when asked for and may be NaN.
 *
 * <p>Files up to 2 GiB are mapped once; of larger ones each tensor is mapped by itself. Buffers stay valid after
 * {@link #close()}.
 */
public final class Safetensors implements TensorFile {

    static final String FORMAT = "safetensors";

    /** The longest header that is read, as in the reference implementation. */
    public static final long HEADER_LIMIT = 100_000_000;

    private static final int PREFIX = Long.BYTES;

    /** Files up to this length are read, which costs less than to map them and, at some later time, to take that back. */
    private static final int SMALL = 1 << 16;

    private final Path file;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;
    private final @Nullable ByteBuffer whole;

    /**
     * A tensor of the file.
     *
     * @param name as in the state dict
     * @param dtype type of the values
     * @param shape sizes in row-major order, empty for a scalar
     * @param begin first byte, counted from the end of the header
     * @param end the byte behind the last
     */
    public record Tensor(String name, Dtype dtype, List<Long> shape, long begin, long end) implements NamedTensor {}

    private Safetensors(Path file, FileChannel channel, SafetensorsHeader header, long dataStart) throws IOException {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
        long length = channel.size() - dataStart;
        this.whole = length <= Integer.MAX_VALUE ? whole(file, channel, dataStart, (int) length) : null;
    }

    private static ByteBuffer whole(Path file, FileChannel channel, long position, int length) throws IOException {
        if (length > SMALL) {
            return map(channel, position, length);
        }
        ByteBuffer read = ByteBuffer.allocateDirect(length);
        ChannelReader.read(file, channel, position, read);
        return read.flip().asReadOnlyBuffer();
    }

    /** Opens and checks a file. */
    public static Safetensors open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long size = channel.size();
            long headerLength = headerLength(file, channel, size);
            byte[] json = ChannelReader.read(file, channel, PREFIX, (int) headerLength)
                    .array();
            long dataStart = PREFIX + headerLength;
            SafetensorsHeader header = SafetensorsHeader.parse(file.toString(), json, size - dataStart);
            return new Safetensors(file, channel, header, dataStart);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static long headerLength(Path file, FileChannel channel, long size) throws IOException {
        if (size < PREFIX) {
            throw new FormatException.Corrupt(file.toString(), "expected at least " + PREFIX + " bytes, found " + size);
        }
        long length = ChannelReader.read(file, channel, 0, PREFIX).getLong(0);
        if (length < 0 || length > size - PREFIX) {
            throw new FormatException.Corrupt(
                    file.toString(),
                    "the header is said to be " + Long.toUnsignedString(length) + " bytes long, the file has "
                            + (size - PREFIX) + " behind the length");
        }
        if (length > HEADER_LIMIT) {
            throw new FormatException.Corrupt(
                    file.toString(), "expected a header of at most " + HEADER_LIMIT + " bytes, found " + length);
        }
        return length;
    }

    private static ByteBuffer map(FileChannel channel, long position, long length) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, position, length);
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    /** Returns the tensors, ordered by name. */
    @Override
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(header.tensors());
    }

    /** Returns the free texts of {@code __metadata__}, ordered by key. */
    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    @Override
    public Tensor tensor(String name) throws FormatException {
        return (Tensor) TensorFile.super.tensor(name);
    }

    /**
     * Returns a tensor's bytes without a copy: a read-only direct little-endian buffer.
     *
     * @throws FormatException.Unsupported if the tensor is larger than a buffer can be, 2 GiB
     */
    @Override
    public ByteBuffer bytes(String name) throws IOException {
        Tensor tensor = tensor(name);
        long length = tensor.end() - tensor.begin();
        ByteBuffer buffer;
        if (whole != null) {
            buffer = whole.slice((int) tensor.begin(), (int) length);
        } else if (length <= Integer.MAX_VALUE) {
            buffer = map(channel, dataStart + tensor.begin(), length);
        } else {
            throw new FormatException.Unsupported(
                    file.toString(),
                    "tensor '" + name + "' has " + length + " bytes; one piece may have " + Integer.MAX_VALUE);
        }
        return buffer.order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public boolean isMapped(String name) throws IOException {
        return tensor(name).byteLength() <= Integer.MAX_VALUE;
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        Tensor tensor = tensor(name);
        Objects.checkFromIndexSize(position, target.remaining(), tensor.byteLength());
        if (whole != null) {
            target.put(whole.slice((int) (tensor.begin() + position), target.remaining()));
        } else {
            ChannelReader.read(file, channel, dataStart + tensor.begin() + position, target);
        }
    }

    /** Closes the file; buffers and arrays that came from it stay valid. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
