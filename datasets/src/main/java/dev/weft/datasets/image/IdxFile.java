package dev.weft.datasets.image;

import dev.weft.datasets.Digests;
import dev.weft.network.FormatException;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * One array of unsigned bytes in the IDX format of the MNIST files: 0, 0, type 8, number of axes, a big-endian int for
 * each axis, then the values. Gzipped files are recognised by their first bytes.
 *
 * <p>Memory grows with what the file holds, never with what its header claims.
 *
 * @param sizes length of each axis
 * @param values in row-major order; none if the file was only scanned
 * @param digest of the file as it is stored, {@code sha256:...}
 */
record IdxFile(List<Integer> sizes, byte[] values, String digest) {

    /** The most values that are read from one file: 1 GiB, twenty times Fashion-MNIST. */
    static final long VALUES_MAX = 1L << 30;

    private static final int UNSIGNED_BYTE = 8;
    private static final int BUFFER = 1 << 16;

    /** Something that is read from a file. */
    @FunctionalInterface
    interface Reading<T> {
        T read() throws IOException;
    }

    /**
     * Reads a whole stream.
     *
     * @param where the file's name, for messages
     * @param axes the number of axes that the file must have
     */
    static IdxFile read(String where, InputStream stored, int axes) throws IOException {
        return read(where, stored, axes, true);
    }

    /** Reads and checks a whole stream as {@link #read} does, but keeps no values. */
    static IdxFile scan(String where, InputStream stored, int axes) throws IOException {
        return read(where, stored, axes, false);
    }

    private static IdxFile read(String where, InputStream stored, int axes, boolean isKept) throws IOException {
        MessageDigest sha256 = Digests.sha256();
        BufferedInputStream raw = new BufferedInputStream(new DigestInputStream(stored, sha256));
        return explained(where, () -> {
            DataInputStream in = new DataInputStream(inflated(raw));
            List<Integer> sizes = header(where, in, axes);
            int count = sizes.stream().reduce(1, (a, b) -> a * b);
            byte[] values = isKept ? in.readNBytes(count) : new byte[0];
            int found = isKept ? values.length : pass(in, count);
            requireAll(where, sizes, count, found);
            requireEnd(where, sizes, count, in);
            raw.transferTo(OutputStream.nullOutputStream());
            return new IdxFile(sizes, values, Digests.finish(sha256));
        });
    }

    /** Returns a stream that stands at the first value; {@code stored} is closed if there is none. */
    static InputStream values(String where, InputStream stored, int axes) throws IOException {
        try {
            return explained(where, () -> {
                DataInputStream in = new DataInputStream(inflated(new BufferedInputStream(stored)));
                header(where, in, axes);
                return in;
            });
        } catch (IOException e) {
            stored.close();
            throw e;
        }
    }

    /** Turns what is wrong with a file's bytes into words. */
    static <T> T explained(String where, Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (ZipException e) {
            throw new FormatException.Corrupt(where, "damaged gzip data: " + e.getMessage(), e);
        } catch (EOFException e) {
            throw new FormatException.Corrupt(where, "the file ends inside its header or its gzip data", e);
        }
    }

    private static InputStream inflated(BufferedInputStream raw) throws IOException {
        raw.mark(2);
        boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        return gzip ? new GZIPInputStream(raw, BUFFER) : raw;
    }

    private static List<Integer> header(String where, DataInputStream in, int axes) throws IOException {
        int magic = in.readInt();
        int expected = UNSIGNED_BYTE << 8 | axes;
        if (magic != expected) {
            throw new FormatException.Corrupt(
                    where,
                    String.format(
                            "expected magic number 0x%08x (%d axes of bytes), found 0x%08x", expected, axes, magic));
        }
        List<Integer> sizes = new ArrayList<>();
        long count = 1;
        for (int axis = 0; axis < axes; axis++) {
            int size = in.readInt();
            if (size < 1 || count * size > VALUES_MAX) {
                throw new FormatException.Corrupt(
                        where,
                        "axis " + axis + " has size " + size + "; expected at least 1 and at most " + VALUES_MAX
                                + " values in all");
            }
            count *= size;
            sizes.add(size);
        }
        return List.copyOf(sizes);
    }

    /** Reads over at most {@code count} values and returns how many there were. */
    private static int pass(InputStream in, int count) throws IOException {
        byte[] buffer = new byte[BUFFER];
        int passed = 0;
        int read = 0;
        while (passed < count && read >= 0) {
            passed += read;
            read = in.read(buffer, 0, Math.min(buffer.length, count - passed));
        }
        return passed;
    }

    private static void requireAll(String where, List<Integer> sizes, int count, int found) throws FormatException {
        if (found != count) {
            throw new FormatException.Corrupt(
                    where, "the header announces " + count + " values " + sizes + ", the file holds " + found);
        }
    }

    private static void requireEnd(String where, List<Integer> sizes, int count, InputStream in) throws IOException {
        if (in.read() >= 0) {
            throw new FormatException.Corrupt(
                    where, "more data behind the " + count + " values " + sizes + " of the header");
        }
    }
}
