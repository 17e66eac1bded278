package dev.weft.checkpoints.format;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
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
import org.jspecify.annotations.Nullable;

/**
 * A memory-mapped safetensors file: eight bytes with the length of a JSON header, the header, and the tensors' values.
 * All of the header is checked when the file is opened; the values are read when asked for and may be NaN.
 *
 * <p>Files up to 2 GiB are mapped once; of larger ones each tensor is mapped by itself. Buffers stay valid after
 * {@link #close()}.
 */
public final class Safetensors implements AutoCloseable {

    /** The longest header that is read, as in the reference implementation. */
    public static final long HEADER_LIMIT = 100_000_000;

    private static final int PREFIX = Long.BYTES;

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
    public record Tensor(String name, Dtype dtype, List<Long> shape, long begin, long end) {

        /** Returns the number of values. */
        public long elements() {
            long elements = 1;
            for (long size : shape) {
                elements = Math.multiplyExact(elements, size);
            }
            return elements;
        }
    }

    private Safetensors(Path file, FileChannel channel, SafetensorsHeader header, long dataStart) throws IOException {
        this.file = file;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
        long length = channel.size() - dataStart;
        this.whole = length <= Integer.MAX_VALUE ? map(channel, dataStart, length) : null;
    }

    /** Opens and checks a file. */
    public static Safetensors open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            long size = channel.size();
            long headerLength = headerLength(file, channel, size);
            byte[] json = read(file, channel, PREFIX, (int) headerLength).array();
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
        long length =
                read(file, channel, 0, PREFIX).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
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

    private static ByteBuffer read(Path file, FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new FormatException.Corrupt(
                        file.toString(), "the file ended while it was read, at byte " + (position + buffer.position()));
            }
        }
        return buffer.flip();
    }

    private static ByteBuffer map(FileChannel channel, long position, long length) throws IOException {
        return channel.map(FileChannel.MapMode.READ_ONLY, position, length);
    }

    /** Returns the file's path, for messages. */
    public Path file() {
        return file;
    }

    /** Returns the tensors, ordered by name. */
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(header.tensors());
    }

    /** Returns the free texts of {@code __metadata__}, ordered by key. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** Returns the tensor called {@code name}. */
    public Tensor tensor(String name) throws FormatException {
        Tensor tensor = header.tensors().get(name);
        if (tensor == null) {
            throw new FormatException.Corrupt(
                    file.toString(),
                    "expected a tensor '" + name + "', found "
                            + header.tensors().keySet());
        }
        return tensor;
    }

    /**
     * Returns a tensor's bytes without a copy: a read-only direct little-endian buffer.
     *
     * @throws FormatException.Unsupported if the tensor is larger than a buffer can be, 2 GiB
     */
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

    /** Returns the values of a F32, F64, F16 or BF16 tensor, row-major. */
    public float[] floats(String name) throws IOException {
        Dtype dtype = floating(name);
        ByteBuffer buffer = bytes(name);
        float[] values = new float[buffer.remaining() / dtype.bytes()];
        if (dtype == Dtype.F32) {
            buffer.asFloatBuffer().get(values);
            return values;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) value(buffer, dtype, i);
        }
        return values;
    }

    /** Returns the values of a F64, F32, F16 or BF16 tensor, row-major. */
    public double[] doubles(String name) throws IOException {
        Dtype dtype = floating(name);
        ByteBuffer buffer = bytes(name);
        double[] values = new double[buffer.remaining() / dtype.bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(buffer, dtype, i);
        }
        return values;
    }

    /** Returns the values of an integer tensor of at most 63 bits, row-major. */
    public long[] longs(String name) throws IOException {
        Dtype dtype = tensor(name).dtype();
        if (!dtype.isInteger()) {
            throw wrongType(name, "an integer type", dtype);
        }
        ByteBuffer buffer = bytes(name);
        long[] values = new long[buffer.remaining() / dtype.bytes()];
        for (int i = 0; i < values.length; i++) {
            values[i] = integer(buffer, dtype, i);
        }
        return values;
    }

    /**
     * Returns a tensor as an array of its own type and shape. It is a copy, so it may be changed in place.
     *
     * @param manager owner of the array
     */
    public NDArray array(NDManager manager, String name) throws IOException {
        Tensor tensor = tensor(name);
        if (tensor.dtype().dataType() == DataType.UNKNOWN) {
            throw wrongType(name, "a type with arithmetic", tensor.dtype());
        }
        ByteBuffer bytes = bytes(name);
        ByteBuffer copy = manager.allocateDirect(bytes.remaining());
        copy.put(bytes).flip();
        long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
        return manager.create(copy, new Shape(shape), tensor.dtype().dataType());
    }

    private Dtype floating(String name) throws FormatException {
        Dtype dtype = tensor(name).dtype();
        if (!dtype.isFloating()) {
            throw wrongType(name, "F32, F64, F16 or BF16", dtype);
        }
        return dtype;
    }

    private FormatException wrongType(String name, String expected, Dtype found) {
        return new FormatException.Unsupported(
                file.toString(), "tensor '" + name + "': expected " + expected + ", found " + found);
    }

    private static double value(ByteBuffer buffer, Dtype dtype, int i) {
        return switch (dtype) {
            case F64 -> buffer.getDouble(i * 8);
            case F32 -> buffer.getFloat(i * 4);
            case F16 -> Dtype.halfToFloat(buffer.getShort(i * 2));
            case BF16 -> Dtype.bfloatToFloat(buffer.getShort(i * 2));
            default -> throw new IllegalArgumentException(dtype + " is not a floating type");
        };
    }

    private static long integer(ByteBuffer buffer, Dtype dtype, int i) {
        return switch (dtype) {
            case I64 -> buffer.getLong(i * 8);
            case I32 -> buffer.getInt(i * 4);
            case U32 -> Integer.toUnsignedLong(buffer.getInt(i * 4));
            case I16 -> buffer.getShort(i * 2);
            case U16 -> Short.toUnsignedLong(buffer.getShort(i * 2));
            case I8 -> buffer.get(i);
            case U8 -> Byte.toUnsignedLong(buffer.get(i));
            default -> throw new IllegalArgumentException(dtype + " is not an integer type");
        };
    }

    /** Closes the file; buffers and arrays that came from it stay valid. */
    @Override
    public void close() throws IOException {
        channel.close();
    }
}
