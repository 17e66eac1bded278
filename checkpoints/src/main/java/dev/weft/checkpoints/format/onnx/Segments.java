package dev.weft.checkpoints.format.onnx;

import com.google.protobuf.CodedOutputStream;
import dev.weft.checkpoints.format.AtomicFile;
import dev.weft.checkpoints.format.ChannelReader;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.PieceReader;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.onnx.OnnxTensor.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The content of a message that is being put together: new bytes, ranges of an old file, and values of tensors. */
final class Segments {

    private static final int PIECE = 1 << 20;

    private final List<Segment> segments = new ArrayList<>();
    private long length;

    /** A part of the content. */
    private sealed interface Segment {

        record Bytes(byte[] bytes) implements Segment {}

        record Copy(OnnxFile from, Span span) implements Segment {}

        record Values(TensorSource from, NamedTensor tensor) implements Segment {}
    }

    /** Writes fields of a message. */
    @FunctionalInterface
    interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    /** Appends fields. */
    Segments fields(Fields fields) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        fields.writeTo(out);
        out.flush();
        segments.add(new Segment.Bytes(bytes.toByteArray()));
        length += bytes.size();
        return this;
    }

    /** Appends a range of a model's file. */
    Segments copy(OnnxFile from, long start, long end) {
        segments.add(new Segment.Copy(from, new Span(start, end)));
        length += end - start;
        return this;
    }

    /** Appends a tensor's values. */
    Segments values(TensorSource from, NamedTensor tensor) {
        segments.add(new Segment.Values(from, tensor));
        length = Math.addExact(length, tensor.byteLength());
        return this;
    }

    /** Appends tag and length of a field, and its content. */
    Segments field(int number, Segments content) throws IOException {
        fields(out -> {
            out.writeUInt32NoTag(ProtoReader.delimited(number));
            out.writeUInt64NoTag(content.length);
        });
        segments.addAll(content.segments);
        length = Math.addExact(length, content.length);
        return this;
    }

    /** Appends tag and length of a field of bytes, and a tensor's values. */
    Segments field(int number, TensorSource from, NamedTensor tensor) throws IOException {
        return field(number, new Segments().values(from, tensor));
    }

    /**
     * Writes or replaces a file.
     *
     * @throws IllegalArgumentException if a message cannot be so long
     */
    void write(Path file) throws IOException {
        if (length > ProtoReader.SIZE_LIMIT) {
            throw new IllegalArgumentException("the model would have " + length
                    + " bytes, ONNX files without external data end at " + ProtoReader.SIZE_LIMIT);
        }
        AtomicFile.write(file, channel -> {
            for (Segment segment : segments) {
                write(segment, channel);
            }
        });
    }

    private static void write(Segment segment, FileChannel channel) throws IOException {
        if (segment instanceof Segment.Bytes bytes) {
            writeFully(channel, ByteBuffer.wrap(bytes.bytes));
        } else if (segment instanceof Segment.Copy copy) {
            ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, copy.span.length()));
            for (long at = copy.span.start(); at < copy.span.end(); at += piece.limit()) {
                piece.clear().limit((int) Math.min(piece.capacity(), copy.span.end() - at));
                ChannelReader.read(copy.from.file(), copy.from.channel(), at, piece);
                writeFully(channel, piece.flip());
            }
        } else if (segment instanceof Segment.Values values) {
            PieceReader.forEach(values.from, values.tensor, (piece, first) -> writeFully(channel, piece));
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
