package dev.weft.checkpoints.format;

import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.Optional;

/** The element types of tensor files, called as in safetensors, all little-endian. */
public enum Dtype {
    F64(8, DataType.FLOAT64),
    F32(4, DataType.FLOAT32),
    F16(2, DataType.FLOAT16),
    BF16(2, DataType.BFLOAT16),
    I64(8, DataType.INT64),
    I32(4, DataType.INT32),
    I16(2, DataType.INT16),
    I8(1, DataType.INT8),
    U64(8, DataType.UINT64),
    U32(4, DataType.UINT32),
    U16(2, DataType.UINT16),
    U8(1, DataType.UINT8),
    BOOL(1, DataType.BOOLEAN),
    C64(8, DataType.COMPLEX64),
    F8_E4M3(1, DataType.UNKNOWN),
    F8_E5M2(1, DataType.UNKNOWN),
    F8_E8M0(1, DataType.UNKNOWN);

    private final int bytes;
    private final DataType dataType;

    Dtype(int bytes, DataType dataType) {
        this.bytes = bytes;
        this.dataType = dataType;
    }

    /** Returns the size of one value. */
    public int bytes() {
        return bytes;
    }

    /** Returns DJL's name for the type, or {@link DataType#UNKNOWN} for the eight-bit floats. */
    public DataType dataType() {
        return dataType;
    }

    /** Whether {@link TensorSource#floats} and {@link TensorSource#doubles} read it. */
    public boolean isFloating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /** Whether {@link TensorSource#longs} reads it. */
    public boolean isInteger() {
        return switch (this) {
            case I64, I32, I16, I8, U32, U16, U8 -> true;
            default -> false;
        };
    }

    /** Finds the type that safetensors files call {@code name}. */
    public static Optional<Dtype> named(String name) {
        return Arrays.stream(values()).filter(d -> d.name().equals(name)).findFirst();
    }

    /** Finds the type that holds an array of DJL's. */
    static Optional<Dtype> of(DataType type) {
        return Arrays.stream(values())
                .filter(d -> d.dataType == type && type != DataType.UNKNOWN)
                .findFirst();
    }

    /** Converts an IEEE 754 half, subnormals, infinities and NaN included. */
    static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1f;
        int fraction = half & 0x3ff;
        if (exponent == 0) { // zero or subnormal: fraction * 2^-24 is exact
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 112; // bias 15 becomes 127
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    /** Converts a bfloat16, the upper half of a float. */
    static float bfloatToFloat(short bfloat) {
        return Float.intBitsToFloat(bfloat << 16);
    }

    /** Rounds to the nearest half, ties to even; what is too large becomes infinite. */
    static short half(double value) {
        float x = toOdd(value);
        int bits = Float.floatToRawIntBits(x);
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.abs(x);
        if (Float.isNaN(x)) {
            return (short) (sign | 0x7e00 | bits >>> 13 & 0x1ff);
        }
        if (magnitude >= 65520f) { // half way from the largest half to what would be the next
            return (short) (sign | 0x7c00);
        }
        if (magnitude < 0x1p-14f) { // subnormal: adding 1/2 leaves multiples of 2^-24 in the fraction
            return (short) (sign | Float.floatToRawIntBits(magnitude + 0.5f) & 0x7ff);
        }
        int wide = bits & 0x7fffffff;
        return (short) (sign | (wide + 0xfff + (wide >>> 13 & 1) >>> 13) - (112 << 10));
    }

    /** Rounds to the nearest bfloat16, ties to even; what is too large becomes infinite. */
    static short bfloat(double value) {
        int bits = Float.floatToRawIntBits(toOdd(value));
        if (Double.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    /** Rounds towards zero, with an odd last bit if inexact, so that a second rounding gives what one would have. */
    private static float toOdd(double value) {
        float nearest = (float) value;
        if (nearest == value || Double.isNaN(value)) {
            return nearest;
        }
        float below = Math.abs((double) nearest) > Math.abs(value)
                ? Math.copySign(Math.nextDown(Math.abs(nearest)), nearest)
                : nearest;
        return Float.intBitsToFloat(Float.floatToRawIntBits(below) | 1);
    }
}
