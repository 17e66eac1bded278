package dev.weft.datasets.text;

import dev.weft.datasets.Digests;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A text whose words are its characters (Unicode code points), numbered by the place of each in the sorted vocabulary.
 * Instances do not change.
 */
public final class CharacterText {

    /** The longest file that is read, in bytes. */
    public static final long MAX_BYTES = 64L << 20;

    private static final String BUILT_IN = "alice-in-wonderland.txt";

    private final Origin origin;
    private final int[] vocabulary;
    private final int[] numbers;

    /**
     * Where a text comes from.
     *
     * @param name short, used in run ids
     * @param source for people
     * @param licence SPDX name, or {@code unknown}
     * @param digest {@code sha256:} and 64 hexadecimal digits over the file
     */
    public record Origin(String name, String source, String licence, String digest) {}

    private CharacterText(Origin origin, String text) {
        int[] points = text.codePoints().toArray();
        this.origin = origin;
        this.vocabulary = Arrays.stream(points).sorted().distinct().toArray();
        this.numbers = Arrays.stream(points)
                .map(point -> Arrays.binarySearch(vocabulary, point))
                .toArray();
    }

    /** Returns the built-in sample: the first six chapters of "Alice's Adventures in Wonderland", in the public domain. */
    public static CharacterText builtIn() {
        try (InputStream in = CharacterText.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + BUILT_IN);
            }
            byte[] bytes = in.readAllBytes();
            Origin origin = new Origin(
                    "alice",
                    "Lewis Carroll, Alice's Adventures in Wonderland (1865), chapters I to VI",
                    "public domain",
                    Digests.of(bytes));
            return new CharacterText(origin, decode(BUILT_IN, bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("the jar's " + BUILT_IN + " is damaged", e);
        }
    }

    /**
     * Reads a file in UTF-8.
     *
     * @throws FormatException.Corrupt if it is not UTF-8, or empty
     * @throws FormatException.Unsupported if it is longer than {@link #MAX_BYTES}
     */
    public static CharacterText read(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_BYTES) {
            throw new FormatException.Unsupported(
                    file.toString(), "expected a text of at most " + MAX_BYTES + " bytes, found " + size);
        }
        byte[] bytes = Files.readAllBytes(file);
        String text = decode(file.toString(), bytes);
        if (text.isEmpty()) {
            throw new FormatException.Corrupt(file.toString(), "expected a text, found an empty file");
        }
        String name = String.valueOf(file.getFileName());
        String stem = name.replaceFirst("\\..*$", "");
        return new CharacterText(new Origin(stem.isEmpty() ? "text" : stem, name, "unknown", Digests.of(bytes)), text);
    }

    private static String decode(String file, byte[] bytes) throws FormatException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file, "expected a text in UTF-8, found other bytes", e);
        }
    }

    public Origin origin() {
        return origin;
    }

    /** Returns the number of characters. */
    public int length() {
        return numbers.length;
    }

    /** Returns the number of different characters. */
    public int vocabularySize() {
        return vocabulary.length;
    }

    /** Returns every character that there is once, ascending: the i-th is word i. */
    public String vocabulary() {
        return new String(vocabulary, 0, vocabulary.length);
    }

    /** Returns the number of the character at a place. */
    public int at(int place) {
        return numbers[place];
    }
}
