package dev.weft.cli.service.access;

import dev.weft.network.FormatException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is kept of a key: a line {@code NAME SHA-256 RATE}. Keys are 256 random bits, so that their plain digest gives nothing
 * away.
 *
 * @param name of its owner, for the log
 * @param digest in 64 hexadecimal digits
 * @param rate requests a second, 0 for any number
 */
public record ApiKey(String name, String digest, double rate) {

    private static final Pattern LINE =
            Pattern.compile("([A-Za-z0-9._-]{1,64}) ([0-9a-f]{64}) (\\d{1,6}(?:\\.\\d{1,6})?)");

    public ApiKey {
        if (!LINE.matcher(line(name, digest, rate)).matches()) {
            throw new IllegalArgumentException(
                    "expected a name of letters, digits, '.', '_' and '-', a SHA-256 and a rate of"
                            + " up to 999999 requests a second, found " + line(name, digest, rate));
        }
    }

    /** Returns what to keep of a key's text. */
    public static ApiKey of(String name, String secret, double rate) {
        return new ApiKey(name, HexFormat.of().formatHex(digest(secret)), rate);
    }

    /** Reads a line; {@code where} begins the message of a failure. */
    static ApiKey parse(String where, String line) throws FormatException {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            throw new FormatException.Corrupt(where, "expected NAME SHA-256 RATE, as weft serve-key prints it");
        }
        return new ApiKey(matcher.group(1), matcher.group(2), Double.parseDouble(matcher.group(3)));
    }

    /** Returns the line of the key file. */
    public String line() {
        return line(name, digest, rate);
    }

    private static String line(String name, String digest, double rate) {
        String number = BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
        return name + " " + digest + " " + number;
    }

    static byte[] digest(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
