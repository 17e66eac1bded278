package dev.weft.checkpoints.format.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Span;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Walks the fields of protobuf messages in a file. Lengths are checked against the enclosing message before anything is
 * allocated; what is not asked for is skipped without being read.
 */
final class ProtoReader {

    /** Protobuf's own limit on messages. */
    static final long SIZE_LIMIT = Integer.MAX_VALUE;

    private static final int DEPTH_LIMIT = 64;
    private static final int COUNT_LIMIT = 1 << 20;

    private final String file;
    private final CodedInputStream in;
    private final long start;
    private int depth;
    private int tagStart;
    private int counted;

    private ProtoReader(String file, CodedInputStream in, long start) {
        this.file = file;
        this.in = in;
        this.start = start;
    }

    /** Takes the fields of a message. */
    @FunctionalInterface
    interface Fields {
        /**
         * Reads a field's value, or does not.
         *
         * @param tag number and wire type, see {@link ProtoReader#tag}
         * @return false to have the field skipped
         */
        boolean read(int tag) throws IOException;
    }

    /** Reads the message that fills a range of a file. */
    static void read(
            String file, FileChannel channel, Span span, java.util.function.Function<ProtoReader, Fields> fields)
            throws IOException {
        if (span.length() > SIZE_LIMIT) {
            throw new FormatException.Unsupported(
                    file, "a model of " + span.length() + " bytes; without external data ONNX ends at " + SIZE_LIMIT);
        }
        CodedInputStream in = CodedInputStream.newInstance(Channels.newInputStream(channel.position(span.start())));
        ProtoReader reader = new ProtoReader(file, in, span.start());
        try {
            int limit = in.pushLimit((int) span.length());
            reader.fields(fields.apply(reader));
            in.popLimit(limit);
        } catch (InvalidProtocolBufferException e) {
            throw new FormatException.Corrupt(
                    file, "the model is damaged near byte " + reader.position() + ": " + e.getMessage(), e);
        }
    }

    /** Returns the tag of a field of variable-length integers. */
    static int varint(int number) {
        return tag(number, WireFormat.WIRETYPE_VARINT);
    }

    /** Returns the tag of a field of messages, texts, bytes or packed numbers. */
    static int delimited(int number) {
        return tag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    }

    static int tag(int number, int wireType) {
        return number << 3 | wireType;
    }

    private void fields(Fields fields) throws IOException {
        while (!in.isAtEnd()) {
            tagStart = in.getTotalBytesRead();
            int tag = in.readTag();
            if (!fields.read(tag)) {
                in.skipField(tag);
            }
        }
    }

    /** Reads the message that a field holds. */
    void message(Fields fields) throws IOException {
        if (++depth > DEPTH_LIMIT) {
            throw new FormatException.Unsupported(file, "messages are nested deeper than " + DEPTH_LIMIT);
        }
        int limit = in.pushLimit(in.readRawVarint32());
        fields(fields);
        in.popLimit(limit);
        depth--;
    }

    /** Skips the bytes that a field holds and returns where they are. */
    Span span() throws IOException {
        int length = in.readRawVarint32();
        long from = position();
        in.skipRawBytes(length);
        return new Span(from, from + length);
    }

    /** Skips a field's value, whatever it is. */
    void skip(int tag) throws IOException {
        in.skipField(tag);
    }

    String text() throws IOException {
        return in.readStringRequireUtf8();
    }

    /** Returns bytes as text, with a replacement for what is not UTF-8. */
    String looseText() throws IOException {
        return in.readString();
    }

    long integer() throws IOException {
        return in.readInt64();
    }

    int enumeration() throws IOException {
        return in.readEnum();
    }

    float real() throws IOException {
        return in.readFloat();
    }

    /** Appends the packed integers that a field holds. */
    void integers(List<Long> target) throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            target.add(counted(in.readInt64()));
        }
        in.popLimit(limit);
    }

    /** Returns the packed floats that a field holds. */
    List<Float> reals() throws IOException {
        int limit = in.pushLimit(in.readRawVarint32());
        List<Float> values = new ArrayList<>();
        while (!in.isAtEnd()) {
            values.add(counted(in.readFloat()));
        }
        in.popLimit(limit);
        return values;
    }

    /**
     * Counts an object that will be kept.
     *
     * @throws FormatException.Unsupported if there are too many of them
     */
    <T> T counted(T object) throws FormatException {
        if (++counted > COUNT_LIMIT) {
            throw new FormatException.Unsupported(
                    file, "more than " + COUNT_LIMIT + " nodes, names and numbers beside the tensors");
        }
        return object;
    }

    /** Returns where in the file the next byte lies. */
    long position() {
        return start + in.getTotalBytesRead();
    }

    /** Returns where the current field's tag begins; call it before the field's value is read. */
    long fieldStart() {
        return start + tagStart;
    }

    String file() {
        return file;
    }
}
