package dev.weft.testing;

import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A seeded fuzzer for readers: damaged copies of a valid file must be read or refused, and nothing else. */
public final class Mutations {

    private Mutations() {}

    /** Reads a damaged copy; may return, or throw {@link FormatException}. */
    @FunctionalInterface
    public interface Reading {
        void read(byte[] damaged) throws IOException;
    }

    /** Feeds {@code count} damaged copies of {@code valid} to a reader; any failure names the seed and the number. */
    public static void fuzz(byte[] valid, int count, Seed seed, Reading reading) {
        for (int i = 0; i < count; i++) {
            byte[] damaged = damage(valid, seed.split(i).random());
            try {
                reading.read(damaged);
            } catch (FormatException expected) {
                if (expected.getMessage() == null || expected.getMessage().isBlank()) {
                    throw new AssertionError("mutation " + i + " of " + seed + ": refused without a message");
                }
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("mutation " + i + " of " + seed + ": " + e, e);
            }
        }
    }

    /** Returns a copy with one to four damages: flipped bits, cut, grown, shifted, or a number replaced by a lie. */
    public static byte[] damage(byte[] valid, RandomGenerator random) {
        byte[] bytes = valid.clone();
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times && bytes.length > 0; i++) {
            bytes = damageOnce(bytes, random);
        }
        return bytes;
    }

    private static byte[] damageOnce(byte[] bytes, RandomGenerator random) {
        // Half of the damage goes to the first bytes, where headers are.
        int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 256));
        switch (random.nextInt(7)) {
            case 0:
                return Arrays.copyOf(bytes, at);
            case 1:
                return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(64));
            case 2: {
                byte[] shorter = new byte[bytes.length - 1];
                System.arraycopy(bytes, 0, shorter, 0, at);
                System.arraycopy(bytes, at + 1, shorter, at, bytes.length - at - 1);
                return shorter;
            }
            case 3:
                return lie(bytes, at, random);
            case 4:
                bytes[at] = (byte) "0123456789-{}[]\",:.eN".charAt(random.nextInt(21));
                return bytes;
            case 5:
                Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(16)), (byte)
                        (random.nextBoolean() ? 0xff : 0));
                return bytes;
            default:
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                return bytes;
        }
    }

    private static byte[] lie(byte[] bytes, int at, RandomGenerator random) {
        long[] lies = {-1, 0, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 40};
        long value = lies[random.nextInt(lies.length)];
        ByteBuffer buffer =
                ByteBuffer.wrap(bytes).order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        if (random.nextBoolean() && at + 8 <= bytes.length) {
            buffer.putLong(at, value);
        } else if (at + 4 <= bytes.length) {
            buffer.putInt(at, (int) value);
        }
        return bytes;
    }
}
