package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes the pickle, protocol 2, of a flat dict of contiguous tensors, of which the i-th has the storage {@code i}. Only
 * what {@code torch.load(weights_only=True)} takes occurs in it.
 */
final class PickleWriter {

    private static final Map<Dtype, String> STORAGES = Map.ofEntries(
            Map.entry(Dtype.F64, "DoubleStorage"),
            Map.entry(Dtype.F32, "FloatStorage"),
            Map.entry(Dtype.F16, "HalfStorage"),
            Map.entry(Dtype.BF16, "BFloat16Storage"),
            Map.entry(Dtype.I64, "LongStorage"),
            Map.entry(Dtype.I32, "IntStorage"),
            Map.entry(Dtype.I16, "ShortStorage"),
            Map.entry(Dtype.I8, "CharStorage"),
            Map.entry(Dtype.U8, "ByteStorage"),
            Map.entry(Dtype.BOOL, "BoolStorage"),
            Map.entry(Dtype.C64, "ComplexFloatStorage"));

    /** Types without a storage type of their own. */
    private static final Map<Dtype, String> UNTYPED = Map.of(
            Dtype.U64, "uint64",
            Dtype.U32, "uint32",
            Dtype.U16, "uint16",
            Dtype.F8_E4M3, "float8_e4m3fn",
            Dtype.F8_E5M2, "float8_e5m2",
            Dtype.F8_E8M0, "float8_e8m0fnu");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private PickleWriter() {}

    /** Returns the pickle of the tensors by name. */
    static byte[] write(Iterable<? extends NamedTensor> tensors) {
        PickleWriter writer = new PickleWriter();
        writer.opcodes(0x80, 2, '}', '(');
        int key = 0;
        for (NamedTensor tensor : tensors) {
            writer.text(tensor.name());
            writer.tensor(tensor, String.valueOf(key++));
        }
        writer.opcodes('u', '.');
        return writer.out.toByteArray();
    }

    private void tensor(NamedTensor tensor, String key) {
        String untyped = UNTYPED.get(tensor.dtype());
        global("torch._utils", untyped == null ? "_rebuild_tensor_v2" : "_rebuild_tensor_v3");
        opcodes('(', '(');
        text("storage");
        if (untyped == null) {
            global("torch", String.valueOf(STORAGES.get(tensor.dtype())));
        } else {
            global("torch.storage", "UntypedStorage");
        }
        text(key);
        text("cpu");
        integer(untyped == null ? tensor.elements() : tensor.byteLength());
        opcodes('t', 'Q');
        integer(0);
        tuple(tensor.shape());
        tuple(strides(tensor.shape()));
        opcodes(0x89); // requires_grad
        global("collections", "OrderedDict");
        opcodes(')', 'R'); // hooks
        if (untyped != null) {
            global("torch", untyped);
        }
        opcodes('t', 'R');
    }

    private static List<Long> strides(List<Long> shape) {
        Long[] strides = new Long[shape.size()];
        long stride = 1;
        for (int axis = strides.length - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= Math.max(1, shape.get(axis));
        }
        return List.of(strides);
    }

    private void tuple(List<Long> values) {
        opcodes('(');
        values.forEach(this::integer);
        opcodes('t');
    }

    private void opcodes(int... codes) {
        for (int code : codes) {
            out.write(code);
        }
    }

    private void global(String module, String name) {
        opcodes('c');
        out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        opcodes('X');
        out.writeBytes(little(4).putInt(0, bytes.length).array());
        out.writeBytes(bytes);
    }

    private void integer(long value) {
        if (value == (int) value) {
            opcodes('J');
            out.writeBytes(little(4).putInt(0, (int) value).array());
        } else {
            opcodes(0x8a, Long.BYTES);
            out.writeBytes(little(8).putLong(0, value).array());
        }
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
