package dev.weft.checkpoints;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Writes rows as one Arrow IPC file. Arrow's own file writer would first copy all parameters into vectors, add a
 * validity bit for each and align to 8 bytes; here rows are streamed, nothing is null, and every buffer begins at a
 * multiple of {@value #ALIGNMENT}.
 */
final class PartWriter {

    /** Arrow's recommended alignment, that of a cache line. */
    static final int ALIGNMENT = 64;

    static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);

    /** Parameters of a record batch; its body must fit into one mapping. */
    static final long BATCH_BYTES = 1L << 30;

    private static final int CHUNK_BYTES = 1 << 18;

    private final WriteChannel out;
    private final Architecture architecture;
    private final ZooColumns columns;

    private PartWriter(WritableByteChannel channel, Architecture architecture, ZooColumns columns) {
        this.out = new WriteChannel(channel);
        this.architecture = architecture;
        this.columns = columns;
    }

    /** Writes a whole file; the channel stays open. */
    static void write(WritableByteChannel channel, Architecture architecture, ZooColumns columns, List<ZooRow> rows)
            throws IOException {
        long batchRows = Math.max(1, BATCH_BYTES / (Float.BYTES * architecture.parameterCount()));
        write(channel, architecture, columns, rows, (int) batchRows);
    }

    /** Writes a whole file with the given rows a record batch. */
    static void write(
            WritableByteChannel channel,
            Architecture architecture,
            ZooColumns columns,
            List<ZooRow> rows,
            int batchRows)
            throws IOException {
        new PartWriter(channel, architecture, columns).write(rows, batchRows);
    }

    private void write(List<ZooRow> rows, int batchRows) throws IOException {
        Schema schema = columns.schema(architecture);
        out.write(MAGIC);
        out.align();
        MessageSerializer.serialize(out, schema);
        List<ArrowBlock> blocks = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += batchRows) {
            blocks.add(writeBatch(rows.subList(from, Math.min(rows.size(), from + batchRows))));
        }
        out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
        out.writeIntLittleEndian(0);
        long footer = out.getCurrentPosition();
        out.write(new ArrowFooter(schema, List.of(), blocks), false);
        out.writeIntLittleEndian((int) (out.getCurrentPosition() - footer));
        out.write(MAGIC);
    }

    private ArrowBlock writeBatch(List<ZooRow> rows) throws IOException {
        List<ByteBuffer> small = smallBuffers(rows);
        List<Long> lengths = new ArrayList<>();
        small.forEach(buffer -> lengths.add((long) buffer.remaining()));
        lengths.add(0L); // validity of the lists, validity of their values, values
        lengths.add(0L);
        lengths.add(Float.BYTES * rows.size() * architecture.parameterCount());
        List<Long> offsets = offsets(lengths);
        long bodyLength = offsets.get(lengths.size());

        long start = out.getCurrentPosition();
        ByteBuffer message = message(rows.size(), lengths, offsets, bodyLength);
        long body = roundUp(start + 2 * Integer.BYTES + message.remaining());
        out.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
        out.writeIntLittleEndian((int) (body - start - 2 * Integer.BYTES));
        out.write(message);
        for (int i = 0; i < small.size(); i++) {
            padTo(body + offsets.get(i));
            out.write(small.get(i));
        }
        padTo(body + offsets.get(lengths.size() - 1));
        writeParameters(rows);
        padTo(body + bodyLength);
        return new ArrowBlock(start, (int) (body - start), bodyLength);
    }

    private static long roundUp(long position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private void padTo(long position) throws IOException {
        out.writeZeros(position - out.getCurrentPosition());
    }

    /** Returns where each buffer begins in the body, and the body's length. */
    private static List<Long> offsets(List<Long> lengths) {
        List<Long> offsets = new ArrayList<>();
        long offset = 0;
        for (long length : lengths) {
            offsets.add(offset);
            offset = roundUp(offset + length);
        }
        offsets.add(offset);
        return offsets;
    }

    private ByteBuffer message(int rows, List<Long> lengths, List<Long> offsets, long bodyLength) {
        FlatBufferBuilder builder = new FlatBufferBuilder();
        RecordBatch.startNodesVector(builder, columns.columns().size() + 1);
        FieldNode.createFieldNode(builder, rows * architecture.parameterCount(), 0); // flatbuffers grow downwards
        for (int i = 0; i < columns.columns().size(); i++) {
            FieldNode.createFieldNode(builder, rows, 0);
        }
        int nodes = builder.endVector();
        RecordBatch.startBuffersVector(builder, lengths.size());
        for (int i = lengths.size() - 1; i >= 0; i--) {
            Buffer.createBuffer(builder, offsets.get(i), lengths.get(i));
        }
        int buffers = builder.endVector();
        int batch = RecordBatch.createRecordBatch(builder, rows, nodes, buffers, 0, 0);
        return MessageSerializer.serializeMessage(
                builder, MessageHeader.RecordBatch, batch, bodyLength, IpcOption.DEFAULT);
    }

    /** Returns the buffers of all columns before the parameters: empty validity, then offsets and data. */
    private List<ByteBuffer> smallBuffers(List<ZooRow> rows) {
        List<ByteBuffer> buffers = new ArrayList<>();
        texts(buffers, rows, ZooRow::id);
        texts(buffers, rows, ZooRow::runId);
        longs(buffers, rows, ZooRow::step);
        texts(buffers, rows, row -> row.split().text());
        ints(buffers, rows);
        for (int i = ZooColumns.FIRST_METRIC; i < columns.source(); i++) {
            int metric = i - ZooColumns.FIRST_METRIC;
            doubles(buffers, rows, row -> row.metrics()[metric]);
        }
        texts(buffers, rows, ZooRow::source);
        longs(buffers, rows, ZooRow::seed);
        texts(buffers, rows, row -> architecture.fingerprint());
        return buffers;
    }

    private static void texts(List<ByteBuffer> buffers, List<ZooRow> rows, Function<ZooRow, String> text) {
        List<byte[]> values = rows.stream()
                .map(row -> text.apply(row).getBytes(StandardCharsets.UTF_8))
                .toList();
        int total = values.stream().mapToInt(value -> value.length).reduce(0, Math::addExact);
        ByteBuffer offsets = little((rows.size() + 1) * Integer.BYTES);
        ByteBuffer data = little(total);
        offsets.putInt(0);
        for (byte[] value : values) {
            data.put(value);
            offsets.putInt(data.position());
        }
        buffers.addAll(List.of(little(0), offsets.flip(), data.flip()));
    }

    private static void longs(List<ByteBuffer> buffers, List<ZooRow> rows, ToLongFunction<ZooRow> value) {
        ByteBuffer data = little(rows.size() * Long.BYTES);
        rows.forEach(row -> data.putLong(value.applyAsLong(row)));
        buffers.addAll(List.of(little(0), data.flip()));
    }

    private static void ints(List<ByteBuffer> buffers, List<ZooRow> rows) {
        ByteBuffer data = little(rows.size() * Integer.BYTES);
        rows.forEach(row -> data.putInt(row.label()));
        buffers.addAll(List.of(little(0), data.flip()));
    }

    private static void doubles(List<ByteBuffer> buffers, List<ZooRow> rows, ToDoubleFunction<ZooRow> value) {
        ByteBuffer data = little(rows.size() * Double.BYTES);
        rows.forEach(row -> data.putDouble(value.applyAsDouble(row)));
        buffers.addAll(List.of(little(0), data.flip()));
    }

    private static ByteBuffer little(int capacity) {
        return ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void writeParameters(List<ZooRow> rows) throws IOException {
        ByteBuffer chunk = little(CHUNK_BYTES);
        for (ZooRow row : rows) {
            float[] values = row.parameters();
            for (int from = 0; from < values.length; ) {
                int count = Math.min(values.length - from, chunk.remaining() / Float.BYTES);
                chunk.asFloatBuffer().put(values, from, count);
                chunk.position(chunk.position() + count * Float.BYTES);
                from += count;
                if (!chunk.hasRemaining()) {
                    flush(chunk);
                }
            }
        }
        flush(chunk);
    }

    private void flush(ByteBuffer chunk) throws IOException {
        out.write(chunk.flip());
        chunk.clear();
    }
}
