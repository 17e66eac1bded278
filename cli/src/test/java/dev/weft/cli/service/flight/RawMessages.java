package dev.weft.cli.service.flight;

import dev.weft.cli.service.flight.RunningFlight.Row;
import dev.weft.cli.service.tensor.TensorSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.NoCompressionCodec;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;

/** Messages of {@code DoExchange} for a forecast, as bytes, to be damaged. */
final class RawMessages {

    private RawMessages() {}

    /** Returns a message with the command and the schema. */
    static byte[] first() throws IOException {
        byte[] descriptor = RawExchange.join(
                new byte[] {8, 2},
                RawExchange.field(2, RunningFlight.bytes(RunningFlight.command("wnn", "nowcast")))); // type = CMD, cmd
        return RawExchange.join(RawExchange.field(1, descriptor), RawExchange.field(2, header(TensorSchema.plain())));
    }

    static byte[] header(Schema schema) {
        ByteBuffer message = MessageSerializer.serializeMetadata(schema, IpcOption.DEFAULT);
        byte[] bytes = new byte[message.remaining()];
        message.get(bytes);
        return bytes;
    }

    /** Returns header and body of a batch as they lie in a stream. */
    static byte[][] parts(Row row) throws IOException {
        return parts(row, NoCompressionCodec.INSTANCE);
    }

    static byte[][] parts(Row row, CompressionCodec codec) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.plain(), allocator)) {
            RunningFlight.fill(root, row);
            try (ArrowRecordBatch batch = new VectorUnloader(root, true, codec, true).getRecordBatch()) {
                MessageSerializer.serialize(new WriteChannel(Channels.newChannel(out)), batch);
            }
        }
        byte[] all = out.toByteArray(); // continuation, length, header, body
        int length = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        return new byte[][] {Arrays.copyOfRange(all, 8, 8 + length), Arrays.copyOfRange(all, 8 + length, all.length)};
    }

    static byte[] batch(Row row) throws IOException {
        byte[][] parts = parts(row);
        return RawExchange.join(RawExchange.field(2, parts[0]), RawExchange.field(1000, parts[1]));
    }
}
