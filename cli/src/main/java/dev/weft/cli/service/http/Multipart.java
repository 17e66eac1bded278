package dev.weft.cli.service.http;

import dev.weft.cli.service.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The parts of a {@code multipart/form-data} body one by one, as they come; nothing is kept, and file names are ignored. */
final class Multipart {

    static final String MEDIA_TYPE = "multipart/form-data";

    private static final Pattern BOUNDARY = Pattern.compile("(?i).*;\\s*boundary=\"?([^\";]{1,70})\"?.*");
    private static final Pattern NAME =
            Pattern.compile("(?i)content-disposition:\\s*form-data.*[;\\s]name=\"([^\"]{1,64})\".*");
    private static final int BUFFER = 1 << 16;
    private static final int HEADER_LIMIT = 1 << 12;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER];
    private int begin;
    private int end;
    private String name = "";

    private Multipart(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        buffer[end++] = '\r'; // the first delimiter may stand at the very start
        buffer[end++] = '\n';
    }

    /** Reads a body by its {@code Content-Type}. */
    static Multipart of(InputStream in, @Nullable String contentType) throws IOException {
        Matcher matcher = BOUNDARY.matcher(String.valueOf(contentType));
        if (!matcher.matches()) {
            throw Problem.INVALID_VALUE.because(
                    "expected Content-Type " + MEDIA_TYPE + "; boundary=..., found " + contentType);
        }
        return new Multipart(in, matcher.group(1));
    }

    /** Goes to the next part; returns whether there is one. */
    boolean next() throws IOException {
        content().skip(Long.MAX_VALUE);
        begin += delimiter.length;
        require(2);
        if (buffer[begin] == '-' && buffer[begin + 1] == '-') {
            return false;
        }
        begin += 2;
        readHeaders();
        return true;
    }

    /** Returns the form's name of the part. */
    String name() {
        return name;
    }

    private void readHeaders() throws IOException {
        name = "";
        int read = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            read += line.length();
            if (read > HEADER_LIMIT) {
                throw Problem.INVALID_VALUE.because("expected a part's headers in " + HEADER_LIMIT + " bytes");
            }
            Matcher matcher = NAME.matcher(line);
            if (matcher.matches()) {
                name = matcher.group(1);
            }
        }
    }

    private String line() throws IOException {
        for (int length = 0; length <= HEADER_LIMIT; length++) {
            require(length + 2);
            if (buffer[begin + length] == '\r' && buffer[begin + length + 1] == '\n') {
                String line = new String(buffer, begin, length, StandardCharsets.UTF_8);
                begin += length + 2;
                return line;
            }
        }
        throw Problem.INVALID_VALUE.because("expected a part's headers in " + HEADER_LIMIT + " bytes");
    }

    private void require(int bytes) throws IOException {
        while (end - begin < bytes) {
            fill();
        }
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, begin, buffer, 0, end - begin);
        end -= begin;
        begin = 0;
        int read = in.read(buffer, end, buffer.length - end);
        if (read < 0) {
            throw Problem.TRUNCATED_BODY.because("the body ends before its last boundary");
        }
        end += read;
    }

    /** Returns the content of the part; a part of which some is left is skipped by {@link #next}. */
    InputStream content() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int sure = sure();
                while (sure < 0) {
                    fill();
                    sure = sure();
                }
                int count = Math.min(length, sure);
                System.arraycopy(buffer, begin, target, offset, count);
                begin += count;
                return count == 0 && length > 0 ? -1 : count;
            }
        };
    }

    /** Returns how many bytes certainly come before the delimiter, 0 if it is next, -1 if more must be read to know. */
    private int sure() {
        for (int at = begin; at < end; at++) {
            int same = 0;
            while (same < delimiter.length && at + same < end && buffer[at + same] == delimiter[same]) {
                same++;
            }
            if (same == delimiter.length || at + same == end) {
                boolean whole = same == delimiter.length;
                return at > begin || whole ? at - begin : -1;
            }
        }
        return end > begin ? end - begin : -1;
    }
}
