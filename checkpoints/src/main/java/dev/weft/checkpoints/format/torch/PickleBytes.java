package dev.weft.checkpoints.format.torch;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The arguments of opcodes; every length is checked against what is left before anything is allocated. */
final class PickleBytes {

    /** The longest name of a module or of something in it. */
    private static final int NAME_LIMIT = 256;

    /** The most bytes of an integer; a seed of the Mersenne Twister has fewer. */
    private static final int INTEGER_LIMIT = 255;

    private final ByteBuffer bytes;

    PickleBytes(byte[] pickle) {
        this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    int position() {
        return bytes.position();
    }

    int unsignedByte() throws PickleException {
        return need(1).get() & 0xff;
    }

    int unsignedShort() throws PickleException {
        return need(2).getShort() & 0xffff;
    }

    int signedInt() throws PickleException {
        return need(4).getInt();
    }

    long unsignedInt() throws PickleException {
        return signedInt() & 0xffffffffL;
    }

    long signedLong() throws PickleException {
        return need(8).getLong();
    }

    /** Returns a float64, which alone is big-endian. */
    double real() throws PickleException {
        return Double.longBitsToDouble(Long.reverseBytes(signedLong()));
    }

    /** Returns {@code length} bytes in UTF-8. */
    String utf8(long length) throws PickleException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(slice(length)).toString();
        } catch (CharacterCodingException e) {
            throw new PickleException("has a text that is not UTF-8");
        }
    }

    /** Returns {@code length} bytes as text, one character each, as Python 2 wrote it. */
    String latin(long length) throws PickleException {
        return StandardCharsets.ISO_8859_1.decode(slice(length)).toString();
    }

    int skip(long length) throws PickleException {
        return slice(length).remaining();
    }

    /** Returns a two's complement number of {@code length} bytes as Long or BigInteger. */
    Object integer(long length) throws PickleException {
        if (length > INTEGER_LIMIT) {
            throw new PickleException("has an integer of " + length + " bytes; at most " + INTEGER_LIMIT + " are read");
        }
        ByteBuffer slice = slice(length);
        byte[] reversed = new byte[slice.remaining()];
        for (int i = reversed.length - 1; i >= 0; i--) {
            reversed[i] = slice.get();
        }
        BigInteger value = reversed.length == 0 ? BigInteger.ZERO : new BigInteger(reversed);
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    /** Returns the text up to the next line feed, which is skipped. */
    String line() throws PickleException {
        int start = bytes.position();
        for (int at = start; at < bytes.limit() && at - start <= NAME_LIMIT; at++) {
            if (bytes.get(at) == '\n') {
                String line = utf8(at - start);
                bytes.position(at + 1);
                return line;
            }
        }
        throw new PickleException("expected a name of at most " + NAME_LIMIT + " bytes and a line feed");
    }

    private ByteBuffer slice(long length) throws PickleException {
        if (length < 0 || length > bytes.remaining()) {
            throw new PickleException("is said to have " + Long.toUnsignedString(length) + " bytes here, "
                    + bytes.remaining() + " are left");
        }
        ByteBuffer slice = bytes.slice(bytes.position(), (int) length);
        bytes.position(bytes.position() + (int) length);
        return slice;
    }

    private ByteBuffer need(int length) throws PickleException {
        if (bytes.remaining() < length) {
            throw new PickleException("ends in the middle of an opcode");
        }
        return bytes;
    }
}
