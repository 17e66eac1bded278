package dev.weft.cli.service.access;

import dev.weft.cli.service.problem.Problem;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The keys that open the service. Without any, everybody may ask. {@link KeyWatch} puts others in their place; requests that
 * were let in go on.
 */
public final class ApiKeys {

    /** What a client is called where nobody needs a key. */
    public static final String ANYBODY = "-";

    private static final String BEARER = "bearer ";
    private static final String BASIC = "basic ";

    private volatile List<Held> keys;

    private record Held(ApiKey key, byte[] digest, TokenBucket bucket) {
        static Held of(ApiKey key) {
            return new Held(key, HexFormat.of().parseHex(key.digest()), new TokenBucket(key.rate(), System.nanoTime()));
        }
    }

    private ApiKeys(List<ApiKey> all) {
        keys = all.stream().map(Held::of).toList();
    }

    /** Lets everybody in. */
    public static ApiKeys none() {
        return new ApiKeys(List.of());
    }

    /** Reads a key file: a key a line, empty lines and those that begin with {@code #} passed over. */
    public static ApiKeys read(Path file) throws IOException {
        return new ApiKeys(lines(file));
    }

    private static List<ApiKey> lines(Path file) throws IOException {
        List<ApiKey> keys = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i).strip();
                if (!line.isEmpty() && !line.startsWith("#")) {
                    keys.add(ApiKey.parse(file + ", line " + (i + 1), line));
                }
            }
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected UTF-8 text", e);
        }
        if (keys.isEmpty()) {
            throw new FormatException.Corrupt(file.toString(), "expected one key or more, found none");
        }
        return keys;
    }

    /**
     * Takes the keys that are in a file now; of those that stay, nobody gets more requests by it.
     *
     * @return whether any are others than before
     */
    boolean readAgain(Path file) throws IOException {
        List<Held> before = keys;
        List<ApiKey> now = lines(file);
        if (now.equals(before.stream().map(Held::key).toList())) {
            return false;
        }
        keys = now.stream()
                .map(key -> before.stream()
                        .filter(held -> held.key.equals(key))
                        .findFirst()
                        .orElseGet(() -> Held.of(key)))
                .toList();
        return true;
    }

    /** Whether a key is needed. */
    public boolean needed() {
        return !keys.isEmpty();
    }

    /**
     * Lets a client in by its {@code Authorization}: {@code Bearer KEY}, or {@code Basic} with the key as password, which
     * browsers ask for.
     *
     * @return the key's name
     * @throws dev.weft.cli.service.problem.ServiceException if there is no such key, or it has asked too often
     */
    public String admit(@Nullable String authorization) {
        if (!needed()) {
            return ANYBODY;
        }
        byte[] digest = ApiKey.digest(secret(authorization));
        Held found = null;
        for (Held each : keys) { // to the end, whichever it is
            if (MessageDigest.isEqual(each.digest, digest)) {
                found = each;
            }
        }
        if (found == null) {
            throw Problem.UNAUTHENTICATED.because("expected 'Authorization: Bearer KEY' with a key of this service");
        }
        if (!found.bucket.take(System.nanoTime())) {
            throw Problem.RATE_EXCEEDED.because(
                    "key '" + found.key.name() + "' may ask " + found.key.rate() + " times a second");
        }
        return found.key.name();
    }

    /** Returns the key of a header, empty if there is none. */
    private static String secret(@Nullable String authorization) {
        String header = authorization == null ? "" : authorization.strip();
        String lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith(BEARER)) {
            return header.substring(BEARER.length()).strip();
        } else if (lower.startsWith(BASIC)) {
            try {
                byte[] pair = Base64.getDecoder()
                        .decode(header.substring(BASIC.length()).strip());
                String text = new String(pair, StandardCharsets.UTF_8);
                return text.substring(text.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
        return "";
    }
}
