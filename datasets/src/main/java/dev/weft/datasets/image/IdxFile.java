package dev.weft.datasets.image;

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
 * @param values in row-major order
 * @param digest of the file as it is stored, {@code sha256:...}
 */
record IdxFile(List<Integer> sizes, byte[] values, String digest) {

    /** The most values that are read from one file: 1 GiB, twenty times Fashion-MNIST. */
    static final long VALUES_MAX = 1L << 30;

    private static final int UNSIGNED_BYTE = 8;

    /**
     * Reads a whole stream.
     *
     * @param where the file's name, for messages
     * @param axes the number of axes that the file must have
     */
    static IdxFile read(String where, InputStream stored, int axes) throws IOException {
        MessageDigest sha256 = Digests.sha256();
        BufferedInputStream raw = new BufferedInputStream(new DigestInputStream(stored, sha256));
        try {
            DataInputStream in = new DataInputStream(inflated(raw));
            List<Integer> sizes = header(where, in, axes);
            byte[] values = values(where, in, sizes);
            raw.transferTo(OutputStream.nullOutputStream());
            return new IdxFile(sizes, values, Digests.finish(sha256));
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
        return gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
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

    private static byte[] values(String where, DataInputStream in, List<Integer> sizes) throws IOException {
        int count = sizes.stream().reduce(1, (a, b) -> a * b);
        byte[] values = in.readNBytes(count);
        if (values.length != count) {
            throw new FormatException.Corrupt(
                    where, "the header announces " + count + " values " + sizes + ", the file holds " + values.length);
        }
        if (in.read() >= 0) {
            throw new FormatException.Corrupt(
                    where, "more data behind the " + count + " values " + sizes + " of the header");
        }
        return values;
    }
}
