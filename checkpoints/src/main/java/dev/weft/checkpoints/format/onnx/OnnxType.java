package dev.weft.checkpoints.format.onnx;

import dev.weft.checkpoints.format.Dtype;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The element types of ONNX with their numbers, and where a tensor may keep values of them besides {@code raw_data}. */
enum OnnxType {
    FLOAT(1, Dtype.F32, OnnxFields.FLOAT_DATA),
    UINT8(2, Dtype.U8, OnnxFields.INT32_DATA),
    INT8(3, Dtype.I8, OnnxFields.INT32_DATA),
    UINT16(4, Dtype.U16, OnnxFields.INT32_DATA),
    INT16(5, Dtype.I16, OnnxFields.INT32_DATA),
    INT32(6, Dtype.I32, OnnxFields.INT32_DATA),
    INT64(7, Dtype.I64, OnnxFields.INT64_DATA),
    STRING(8, null, 0),
    BOOL(9, Dtype.BOOL, OnnxFields.INT32_DATA),
    FLOAT16(10, Dtype.F16, OnnxFields.INT32_DATA),
    DOUBLE(11, Dtype.F64, OnnxFields.DOUBLE_DATA),
    UINT32(12, Dtype.U32, OnnxFields.UINT64_DATA),
    UINT64(13, Dtype.U64, OnnxFields.UINT64_DATA),
    COMPLEX64(14, Dtype.C64, OnnxFields.FLOAT_DATA),
    COMPLEX128(15, null, 0),
    BFLOAT16(16, Dtype.BF16, OnnxFields.INT32_DATA),
    FLOAT8E4M3FN(17, Dtype.F8_E4M3, OnnxFields.INT32_DATA),
    FLOAT8E4M3FNUZ(18, null, 0),
    FLOAT8E5M2(19, Dtype.F8_E5M2, OnnxFields.INT32_DATA),
    FLOAT8E5M2FNUZ(20, null, 0),
    UINT4(21, null, 0),
    INT4(22, null, 0),
    FLOAT4E2M1(23, null, 0),
    FLOAT8E8M0(24, Dtype.F8_E8M0, OnnxFields.INT32_DATA);

    private final int number;
    private final @Nullable Dtype dtype;
    private final int field;

    OnnxType(int number, @Nullable Dtype dtype, int field) {
        this.number = number;
        this.dtype = dtype;
        this.field = field;
    }

    /** Returns the number in files. */
    int number() {
        return number;
    }

    /** Returns our name for the type, or nothing if we have none. */
    Optional<Dtype> dtype() {
        return Optional.ofNullable(dtype);
    }

    /** Returns the field of TensorProto that holds values which are not raw. */
    int field() {
        return field;
    }

    static Optional<OnnxType> numbered(int number) {
        return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
    }

    static OnnxType of(Dtype dtype) {
        return Arrays.stream(values())
                .filter(type -> type.dtype == dtype)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("ONNX has no type for " + dtype));
    }
}
