package dev.weft.checkpoints;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.flatbuf.Block;
import org.apache.arrow.flatbuf.Footer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.MetadataVersion;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/**
 * Maps a part: footer and record batch headers are read and checked, the bodies are mapped batch by batch and neither
 * read nor copied. Arrow's own file reader copies what it reads and trusts lengths. Only lengths that were compared
 * with the file's are allocated.
 */
final class PartReader {

    private static final int MAGIC_LENGTH = PartWriter.MAGIC.length;
    private static final int HEAD = 8; // the magic, padded
    private static final int TAIL = Integer.BYTES + MAGIC_LENGTH;
    private static final int ALIGNMENT = 8; // what Arrow demands, also of writers that are not ours
    private static final int MESSAGE_PREFIX = 2 * Integer.BYTES;

    private final String name;
    private final FileChannel channel;
    private final long size;
    private final ZooHeader header;
    private final ZooHeader.Part part;

    private PartReader(String name, FileChannel channel, ZooHeader header, ZooHeader.Part part) throws IOException {
        this.name = name;
        this.channel = channel;
        this.size = channel.size();
        this.header = header;
        this.part = part;
    }

    /**
     * Maps the batches of a part, which stay mapped as long as they are referred to.
     *
     * @param zoo the zoo's folder
     * @param header what the part must agree with
     * @param index the part's number
     */
    static List<PartBatch> read(Path zoo, ZooHeader header, int index) throws IOException {
        ZooHeader.Part part = header.part(index);
        Path file = zoo.resolve(part.path());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new PartReader(file.toString(), channel, header, part).batches();
        }
    }

    private List<PartBatch> batches() throws IOException {
        ByteBuffer bytes = footerBytes();
        try {
            Footer footer = Footer.getRootAsFooter(bytes);
            checkVersion(footer.version());
            PartSchema.check(name, footer.schema(), ZooColumns.of(header.metrics()), part.architecture());
            return batches(footer);
        } catch (RuntimeException e) { // flatbuffers checks nothing: a damaged table ends in one of many exceptions
            throw new FormatException.Corrupt(name, "Arrow's metadata are damaged (" + e + ")", e);
        }
    }

    private ByteBuffer footerBytes() throws IOException {
        if (size < HEAD + TAIL) {
            throw corrupt("expected at least " + (HEAD + TAIL) + " bytes, found " + size);
        }
        ByteBuffer tail = bytes(size - TAIL, TAIL);
        byte[] first = bytes(0, MAGIC_LENGTH).array();
        byte[] last = Arrays.copyOfRange(tail.array(), Integer.BYTES, TAIL);
        if (!Arrays.equals(first, PartWriter.MAGIC) || !Arrays.equals(last, PartWriter.MAGIC)) {
            throw corrupt("expected an Arrow file, which begins and ends with ARROW1; it was cut off or is another");
        }
        int length = tail.getInt(0);
        if (length < MESSAGE_PREFIX || length > size - HEAD - TAIL) {
            throw corrupt("the footer is said to be " + length + " bytes long, the file has " + size);
        }
        return bytes(size - TAIL - length, length);
    }

    private void checkVersion(short version) throws FormatException {
        if (version != MetadataVersion.V5 && version != MetadataVersion.V4) {
            throw corrupt("expected Arrow metadata version V4 or V5, found number " + version);
        }
    }

    private List<PartBatch> batches(Footer footer) throws IOException {
        int count = footer.recordBatchesLength();
        if (count < 1 || count > part.rows() || footer.dictionariesLength() != 0) {
            throw corrupt("expected 1 to " + part.rows() + " record batches and no dictionaries, found " + count
                    + " and " + footer.dictionariesLength());
        }
        List<PartBatch> batches = new ArrayList<>();
        long rows = 0;
        for (int i = 0; i < count; i++) {
            PartBatch batch = batch(footer.recordBatches(i), part.rows() - rows);
            rows += batch.rows();
            batches.add(batch);
        }
        if (rows != part.rows()) {
            throw corrupt("expected " + part.rows() + " rows, found " + rows);
        }
        return batches;
    }

    private PartBatch batch(Block block, long rowsLeft) throws IOException {
        long offset = block.offset();
        int metadata = block.metaDataLength();
        long body = block.bodyLength();
        if (offset < HEAD || offset > size || metadata < MESSAGE_PREFIX || metadata > size - offset) {
            throw corrupt("a record batch is said to begin at " + offset + " with " + metadata
                    + " bytes of metadata, the file has " + size);
        }
        if (body < 0 || body > size - offset - metadata) {
            throw corrupt("a record batch at " + offset + " is said to be " + body + " bytes long, the file has "
                    + (size - offset - metadata) + " behind its metadata");
        }
        if ((offset + metadata) % ALIGNMENT != 0) {
            throw corrupt("expected the body of a record batch at a multiple of " + ALIGNMENT + ", found it at "
                    + (offset + metadata));
        }
        if (body > Integer.MAX_VALUE) {
            throw new FormatException.Unsupported(
                    name, "a record batch of " + body + " bytes; one mapping may have " + Integer.MAX_VALUE);
        }
        RecordBatch batch = message(bytes(offset, metadata), body);
        if (batch.length() < 1 || batch.length() > rowsLeft) {
            throw corrupt(
                    "record batch at " + offset + ": expected 1 to " + rowsLeft + " rows, found " + batch.length());
        }
        ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, offset + metadata, body)
                .order(ByteOrder.LITTLE_ENDIAN);
        return new PartBatchReader(name, header, part.architecture(), batch, mapped).read();
    }

    private RecordBatch message(ByteBuffer metadata, long body) throws FormatException {
        int length = metadata.getInt(Integer.BYTES);
        if (metadata.getInt(0) != MessageSerializer.IPC_CONTINUATION_TOKEN
                || length != metadata.capacity() - MESSAGE_PREFIX) {
            throw corrupt("expected a record batch's message of " + (metadata.capacity() - MESSAGE_PREFIX)
                    + " bytes, found " + length);
        }
        ByteBuffer table = metadata.position(MESSAGE_PREFIX).slice();
        Message message = Message.getRootAsMessage(table);
        checkVersion(message.version());
        if (message.headerType() != MessageHeader.RecordBatch || message.bodyLength() != body) {
            throw corrupt("expected a record batch of " + body + " bytes, found message type " + message.headerType()
                    + " of " + message.bodyLength() + " bytes");
        }
        RecordBatch batch = (RecordBatch) message.header(new RecordBatch());
        if (batch.compression() != null) {
            throw new FormatException.Unsupported(name, "expected uncompressed record batches, found compressed ones");
        }
        return batch;
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw corrupt("the file ended while it was read, at byte " + (position + buffer.position()));
            }
        }
        return buffer.flip();
    }

    private FormatException corrupt(String what) {
        return new FormatException.Corrupt(name, what);
    }
}
