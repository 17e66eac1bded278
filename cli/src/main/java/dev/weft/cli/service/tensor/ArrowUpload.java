package dev.weft.cli.service.tensor;

import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import dev.weft.cli.service.upload.Spool;
import dev.weft.cli.service.upload.Upload;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;

/**
 * Reads an Arrow stream that a stranger sent. Arrow's reader allocates what the stream says it will bring, so the lengths of
 * all messages are compared with the file's before it sees them.
 */
public final class ArrowUpload {

    private static final int CONTINUATION = -1;
    private static final int MAX_METADATA = 1 << 20;

    /** Buffers are padded, and a batch is loaded while the last one is there. */
    private static final int ALLOCATION_FACTOR = 4;

    private static final long ALLOCATION_LEAST = 1 << 20;

    private ArrowUpload() {}

    /** Reads the tensors; they are the caller's to close. */
    public static SpooledTensors read(Upload upload, Spool spool) throws IOException {
        long limit = Math.max(ALLOCATION_LEAST, ALLOCATION_FACTOR * upload.size());
        try {
            checkFrames(upload);
            try (BufferAllocator allocator = new RootAllocator(limit);
                    ArrowStreamReader reader = new ArrowStreamReader(
                            new BufferedInputStream(Files.newInputStream(upload.file())), allocator);
                    TensorReceiver receiver = new TensorReceiver(spool)) {
                TensorSchema.require(reader.getVectorSchemaRoot().getSchema());
                while (reader.loadNextBatch()) {
                    receiver.add(reader.getVectorSchemaRoot());
                }
                return receiver.finish();
            }
        } catch (ServiceException e) {
            throw e;
        } catch (IOException | OutOfMemoryException e) {
            throw damaged(e);
        } catch (RuntimeException e) { // whatever Arrow trips over
            throw damaged(e);
        }
    }

    private static RuntimeException damaged(Exception cause) {
        return Problem.BAD_CHECKPOINT.because(Upload.NAME + ": no sound Arrow stream: " + cause.getMessage(), cause);
    }

    private static void checkFrames(Upload upload) throws IOException {
        try (FileChannel channel = FileChannel.open(upload.file(), StandardOpenOption.READ)) {
            long size = channel.size();
            long at = 0;
            while (at < size) {
                long length = number(channel, at);
                at += Integer.BYTES;
                if (length == CONTINUATION) {
                    length = number(channel, at);
                    at += Integer.BYTES;
                }
                if (length == 0) {
                    return;
                }
                if (length < 0 || length > MAX_METADATA || at + length > size) {
                    throw new IOException("a message of " + length + " bytes at " + at + " of " + size);
                }
                long body = Message.getRootAsMessage(bytes(channel, at, (int) length))
                        .bodyLength();
                at += length;
                if (body < 0 || body > size - at) {
                    throw new IOException("a body of " + body + " bytes at " + at + " of " + size);
                }
                at += body;
            }
        }
    }

    private static int number(FileChannel channel, long at) throws IOException {
        return bytes(channel, at, Integer.BYTES).getInt(0);
    }

    private static ByteBuffer bytes(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, at + bytes.position()) < 0) {
                throw new IOException("it ends at " + channel.size());
            }
        }
        return bytes.flip();
    }
}
