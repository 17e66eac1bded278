package dev.weft.datasets.image;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in the form that data cards use. */
final class Digests {

    static final String PREFIX = "sha256:";

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String finish(MessageDigest digest) {
        return PREFIX + HexFormat.of().formatHex(digest.digest());
    }

    /** Returns one digest over others, in their order. */
    static String joint(String... digests) {
        MessageDigest sha256 = sha256();
        for (String digest : digests) {
            sha256.update((digest + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return finish(sha256);
    }
}
