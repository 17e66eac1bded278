package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Single values in little-endian buffers; indices count values from the buffer's position. */
public final class Elements {

    private Elements() {}

    /** Returns a value of a floating type. */
    public static double real(ByteBuffer buffer, Dtype dtype, int index) {
        int at = buffer.position() + index * dtype.bytes();
        return switch (dtype) {
            case F64 -> buffer.getDouble(at);
            case F32 -> buffer.getFloat(at);
            case F16 -> Dtype.halfToFloat(buffer.getShort(at));
            case BF16 -> Dtype.bfloatToFloat(buffer.getShort(at));
            default -> throw new IllegalArgumentException(dtype + " is not a floating type");
        };
    }

    /**
     * Reads some values of a tensor of a floating type.
     *
     * @param first index of the first value
     * @param values filled
     */
    public static void reals(TensorSource source, String name, long first, double[] values) throws IOException {
        Dtype dtype = source.tensor(name).dtype();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        source.read(name, first * dtype.bytes(), bytes);
        bytes.flip();
        for (int i = 0; i < values.length; i++) {
            values[i] = real(bytes, dtype, i);
        }
    }

    /** Returns whether a value is still finite when it is rounded to a floating type, or was not to begin with. */
    static boolean fits(Dtype dtype, double value) {
        return !Double.isFinite(value)
                || switch (dtype) {
                    case F64 -> true;
                    case F32 -> Float.isFinite((float) value);
                    case F16 -> Float.isFinite(Dtype.halfToFloat(Dtype.half(value)));
                    case BF16 -> Float.isFinite(Dtype.bfloatToFloat(Dtype.bfloat(value)));
                    default -> throw new IllegalArgumentException(dtype + " is not a floating type");
                };
    }

    /** Copies all values of a buffer of a floating type. */
    static void copy(ByteBuffer buffer, Dtype dtype, float[] target, int offset) {
        int count = buffer.remaining() / dtype.bytes();
        if (dtype == Dtype.F32) {
            buffer.slice().order(buffer.order()).asFloatBuffer().get(target, offset, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            target[offset + i] = (float) real(buffer, dtype, i);
        }
    }

    /** Returns a value of an integer type. */
    public static long integer(ByteBuffer buffer, Dtype dtype, int index) {
        int at = buffer.position() + index * dtype.bytes();
        return switch (dtype) {
            case I64 -> buffer.getLong(at);
            case I32 -> buffer.getInt(at);
            case U32 -> Integer.toUnsignedLong(buffer.getInt(at));
            case I16 -> buffer.getShort(at);
            case U16 -> Short.toUnsignedLong(buffer.getShort(at));
            case I8 -> buffer.get(at);
            case U8 -> Byte.toUnsignedLong(buffer.get(at));
            default -> throw new IllegalArgumentException(dtype + " is not an integer type");
        };
    }

    /** Appends a value of a floating type, rounded to nearest with ties to even. */
    public static void putReal(ByteBuffer buffer, Dtype dtype, double value) {
        switch (dtype) {
            case F64 -> buffer.putDouble(value);
            case F32 -> buffer.putFloat((float) value);
            case F16 -> buffer.putShort(Dtype.half(value));
            case BF16 -> buffer.putShort(Dtype.bfloat(value));
            default -> throw new IllegalArgumentException(dtype + " is not a floating type");
        }
    }

    /**
     * Fills a buffer with values of a floating type.
     *
     * @param first index of the first value in its tensor
     * @throws FormatException.Unsupported if a finite value is too large for the type
     */
    static void putReals(ByteBuffer target, Dtype dtype, double[] values, String origin, String tensor, long first)
            throws FormatException.Unsupported {
        ByteBuffer written = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i++) {
            if (!fits(dtype, values[i])) {
                throw new FormatException.Unsupported(
                        origin,
                        "tensor '" + tensor + "': value " + (first + i) + " is " + values[i] + ", too large for "
                                + dtype);
            }
            putReal(written, dtype, values[i]);
        }
        target.position(target.limit());
    }
}
