package dev.weft.cli.service.tensor;

import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import dev.weft.cli.service.upload.Spool;
import dev.weft.cli.service.upload.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.flatbuf.Endianness;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Reads an Arrow stream of a {@link TensorSchema} that a stranger sent. Arrow's own reader allocates what a stream says it will
 * bring and loses it when the stream is damaged; here only the messages' metadata are read into memory, and values go from file
 * to file.
 */
public final class ArrowUpload {

    private static final int CONTINUATION = -1;
    private static final int MAX_METADATA = 1 << 20;

    private final FileChannel channel;
    private final long size;
    private final TensorReceiver receiver;
    private long at;
    private boolean described;

    private ArrowUpload(FileChannel channel, TensorReceiver receiver) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        this.receiver = receiver;
    }

    /** Reads the tensors; they are the caller's to close. */
    public static SpooledTensors read(Upload upload, Spool spool) throws IOException {
        try (FileChannel channel = FileChannel.open(upload.file(), StandardOpenOption.READ);
                TensorReceiver receiver = new TensorReceiver(spool)) {
            new ArrowUpload(channel, receiver).readAll();
            return receiver.finish();
        } catch (ServiceException e) {
            throw e;
        } catch (RuntimeException e) { // whatever flat buffers and schemas trip over
            throw damaged(String.valueOf(e.getMessage()), e);
        }
    }

    private static RuntimeException damaged(String what, RuntimeException cause) {
        return Problem.BAD_CHECKPOINT.because(Upload.NAME + ": no sound Arrow stream: " + what, cause);
    }

    private static RuntimeException damaged(String what) {
        return Problem.BAD_CHECKPOINT.because(Upload.NAME + ": no sound Arrow stream: " + what);
    }

    private void readAll() throws IOException {
        while (at < size) {
            int length = number();
            if (length == CONTINUATION) {
                length = number();
            }
            if (length == 0) {
                break;
            }
            if (length < 0 || length > MAX_METADATA) {
                throw damaged("a message of " + length + " bytes at " + at);
            }
            Message message = Message.getRootAsMessage(bytes(at, length));
            at += length;
            if (message.bodyLength() < 0 || message.bodyLength() > size - at) {
                throw damaged("a body of " + message.bodyLength() + " bytes at " + at + " of " + size);
            }
            take(message);
            at += message.bodyLength();
        }
        if (!described) {
            throw damaged("expected a schema, found none");
        }
    }

    private void take(Message message) throws IOException {
        if (message.headerType() == MessageHeader.Schema && !described) {
            org.apache.arrow.flatbuf.Schema schema = new org.apache.arrow.flatbuf.Schema();
            message.header(schema);
            if (schema.endianness() != Endianness.Little) {
                throw damaged("expected little-endian values");
            }
            TensorSchema.require(Schema.convertSchema(schema));
            described = true;
        } else if (message.headerType() == MessageHeader.RecordBatch && described) {
            RecordBatch batch = new RecordBatch();
            message.header(batch);
            new ArrowBatch(batch, at, message.bodyLength(), this::bytes).addTo(receiver);
        } else {
            throw damaged("expected a schema, then record batches, found a message of type " + message.headerType());
        }
    }

    private int number() throws IOException {
        int number = bytes(at, Integer.BYTES).getInt(0);
        at += Integer.BYTES;
        return number;
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
        if (position < 0 || length > size - position) {
            throw damaged("it ends at " + size);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            channel.read(bytes, position + bytes.position());
        }
        return bytes.flip();
    }
}
