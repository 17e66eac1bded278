package dev.weft.datasets;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in the form that data cards use: {@code sha256:} and 64 hexadecimal digits. */
public final class Digests {

    public static final String PREFIX = "sha256:";

    private Digests() {}

    /** Returns an empty digest. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Returns the text of a digest, which is reset. */
    public static String finish(MessageDigest digest) {
        return PREFIX + HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the digest of bytes that are in memory. */
    public static String of(byte[] bytes) {
        MessageDigest sha256 = sha256();
        sha256.update(bytes);
        return finish(sha256);
    }

    /** Returns one digest over others, in their order. */
    public static String joint(String... digests) {
        MessageDigest sha256 = sha256();
        for (String digest : digests) {
            sha256.update((digest + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return finish(sha256);
    }
}
