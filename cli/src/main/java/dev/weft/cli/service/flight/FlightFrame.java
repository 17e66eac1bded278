package dev.weft.cli.service.flight;

import com.google.protobuf.CodedInputStream;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.tensor.BatchOutline;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The outline of a message with Arrow data, the protobuf message {@code FlightData}. Arrow's reader allocates what the fields
 * say they hold, leaves buffers behind when they hold less, and follows a schema however deep; here all lengths are compared
 * with what is there first.
 *
 * @param descriptor whether it says what is wanted
 * @param content what it brings
 */
record FlightFrame(boolean descriptor, Content content) {

    private static final int DESCRIPTOR = 1 << 3 | 2; // tags of fields with a length
    private static final int HEADER = 2 << 3 | 2;
    private static final int BODY = 1000 << 3 | 2;
    private static final int MAX_HEADER = 1 << 20;
    private static final int COLUMNS = 3;

    /** What a message brings. */
    enum Content {
        NOTHING,
        SCHEMA,
        BATCH
    }

    /** Looks at a message that has come whole; the stream is where it was afterwards. */
    static FlightFrame of(InputStream message) throws IOException {
        message.mark(Integer.MAX_VALUE);
        try {
            return read(message);
        } catch (IndexOutOfBoundsException | IllegalArgumentException | AssertionError e) { // of damaged flatbuffers
            throw refused("a header that cannot be read", e);
        } finally {
            message.reset();
        }
    }

    private static FlightFrame read(InputStream message) throws IOException {
        Set<Integer> seen = new HashSet<>();
        byte[] header = new byte[0];
        long body = 0;
        while (message.available() > 0) {
            int tag = CodedInputStream.readRawVarint32(message.read(), message);
            int length = CodedInputStream.readRawVarint32(message.read(), message);
            boolean fits = length >= 0 && length <= message.available();
            if (!fits || !seen.add(tag) || tag == HEADER && length > MAX_HEADER) {
                throw refused(
                        "field " + (tag >>> 3) + " of " + length + " bytes before the last " + message.available(),
                        null);
            }
            if (tag == HEADER) {
                header = message.readNBytes(length);
            } else if (tag == DESCRIPTOR || tag == BODY) {
                message.skipNBytes(length);
                body = tag == BODY ? length : body;
            } else {
                throw refused("field " + (tag >>> 3) + ", application metadata for example", null);
            }
        }
        return new FlightFrame(seen.contains(DESCRIPTOR), content(header, body));
    }

    private static Content content(byte[] header, long body) {
        if (header.length == 0) {
            require(body == 0, "a body without a header");
            return Content.NOTHING;
        }
        Message message = Message.getRootAsMessage(ByteBuffer.wrap(header));
        switch (message.headerType()) {
            case MessageHeader.Schema -> {
                require(body == 0, "a schema with a body");
                check((Schema) message.header(new Schema()));
                return Content.SCHEMA;
            }
            case MessageHeader.RecordBatch -> {
                BatchOutline.require((RecordBatch) message.header(new RecordBatch()), body);
                return Content.BATCH;
            }
            default -> throw refused("neither a schema nor a record batch", null);
        }
    }

    /** Lists of numbers are the deepest there is; names and types are looked at when the schema is read. */
    private static void check(Schema schema) {
        require(schema.fieldsLength() == COLUMNS, schema.fieldsLength() + " columns");
        for (int i = 0; i < COLUMNS; i++) {
            Field field = schema.fields(i);
            require(field.dictionary() == null, "a dictionary");
            require(field.childrenLength() <= 1, "a column of several parts");
            require(field.childrenLength() == 0 || isLeaf(field.children(0)), "lists of lists");
        }
    }

    private static boolean isLeaf(Field field) {
        return field.childrenLength() == 0 && field.dictionary() == null;
    }

    private static void require(boolean condition, String found) {
        if (!condition) {
            throw refused(found, null);
        }
    }

    private static RuntimeException refused(String found, @Nullable Throwable cause) {
        String detail = "expected a message with an Arrow schema or record batch of tensors, found " + found;
        return cause == null ? Problem.BAD_CHECKPOINT.because(detail) : Problem.BAD_CHECKPOINT.because(detail, cause);
    }
}
