package dev.weft.checkpoints.format.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * A struct in Thrift's compact protocol, in which Parquet's headers and footers are written: fields in ascending order, each
 * with the distance to the number of the field before and a type; whole numbers as zigzag varints.
 */
final class CompactStruct {

    private static final int I32 = 5;
    private static final int I64 = 6;
    private static final int BINARY = 8;
    private static final int LIST = 9;
    private static final int STRUCT = 12;
    private static final int LARGEST_SHORT_LIST = 14;

    private final ByteArrayOutputStream out;
    private int last;

    private CompactStruct(ByteArrayOutputStream out) {
        this.out = out;
    }

    /** Returns the bytes of a struct. */
    static byte[] bytes(Consumer<CompactStruct> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, fields);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, Consumer<CompactStruct> fields) {
        fields.accept(new CompactStruct(out));
        out.write(0); // the end of a struct
    }

    private void field(int number, int type) {
        out.write(number - last << 4 | type); // distances are below 16 in Parquet's structs
        last = number;
    }

    CompactStruct i32(int number, int value) {
        field(number, I32);
        zigzag(value);
        return this;
    }

    CompactStruct i64(int number, long value) {
        field(number, I64);
        zigzag(value);
        return this;
    }

    CompactStruct text(int number, String value) {
        field(number, BINARY);
        text(value);
        return this;
    }

    CompactStruct struct(int number, Consumer<CompactStruct> fields) {
        field(number, STRUCT);
        write(out, fields);
        return this;
    }

    CompactStruct structs(int number, List<Consumer<CompactStruct>> all) {
        list(number, STRUCT, all.size());
        all.forEach(fields -> write(out, fields));
        return this;
    }

    CompactStruct i32s(int number, List<Integer> values) {
        list(number, I32, values.size());
        values.forEach(this::zigzag);
        return this;
    }

    CompactStruct texts(int number, List<String> values) {
        list(number, BINARY, values.size());
        values.forEach(this::text);
        return this;
    }

    private void list(int number, int type, int size) {
        field(number, LIST);
        if (size <= LARGEST_SHORT_LIST) {
            out.write(size << 4 | type);
        } else {
            out.write(0xf0 | type);
            varint(size);
        }
    }

    private void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        varint(bytes.length);
        out.writeBytes(bytes);
    }

    private void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    private void varint(long value) {
        varint(out, value);
    }

    /** Appends seven bits a byte, the lowest first. */
    static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
