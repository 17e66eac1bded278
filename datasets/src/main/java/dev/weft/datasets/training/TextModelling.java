package dev.weft.datasets.training;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.datasets.text.CharacterText;
import dev.weft.network.Architecture;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Foretelling each next character of a text. An example to learn from is a block at any place of the text's first part; those
 * to be tested on lie behind one another in the rest.
 */
public final class TextModelling implements LearningTask {

    /** Share of the text, at its end, that is tested on. */
    public static final double TEST_DEFAULT = 0.1;

    private final CharacterText text;
    private final int length;
    private final double test;
    private final int cut;

    /**
     * Cuts a text in two.
     *
     * @param length characters that a network reads
     * @param test share of the text that is tested on, its end
     * @throws IllegalArgumentException if a part has no room for a block and the character behind it
     */
    public TextModelling(CharacterText text, int length, double test) {
        if (length < 1 || !(test > 0 && test < 1)) {
            throw new IllegalArgumentException(
                    "expected blocks of at least 1 character and a share for testing in (0, 1)," + " got " + length
                            + " and " + test);
        }
        this.text = text;
        this.length = length;
        this.test = test;
        this.cut = text.length() - (int) Math.round(test * text.length());
        if (size() < 1 || testSize() < 1) {
            throw new IllegalArgumentException(text.origin().name() + ": " + text.length()
                    + " characters are too few for blocks of " + length + " with a share of " + test + " for testing");
        }
    }

    public CharacterText text() {
        return text;
    }

    /** Returns how many characters a network reads. */
    public int length() {
        return length;
    }

    @Override
    public String name() {
        return text.origin().name();
    }

    @Override
    public int size() {
        return cut - length;
    }

    @Override
    public int testSize() {
        return (text.length() - cut - 1) / length;
    }

    @Override
    public void check(Architecture architecture) {
        List<Integer> input = architecture.formOf(Architecture.INPUT).shape();
        List<Integer> output = architecture.outputForm().shape();
        int words = text.vocabularySize();
        if (!input.equals(List.of(length)) || architecture.inputSize() != words) {
            throw new IllegalArgumentException("blocks of " + name() + " are [" + length + "] with " + words
                    + " different characters, " + architecture + " reads " + input + " with "
                    + architecture.inputSize());
        }
        if (!output.equals(List.of(length, words))) {
            throw new IllegalArgumentException("scores for " + name() + " are [" + length + ", " + words + "], "
                    + architecture + " puts out " + output);
        }
    }

    @Override
    public Examples training(NDManager manager, Architecture architecture, int[][] numbers) {
        int m = numbers[0].length;
        int[] places = new int[numbers.length * m];
        for (int k = 0; k < places.length; k++) {
            places[k] = numbers[k / m][k % m];
        }
        Shape shape = new Shape(numbers.length, m, length);
        return new Examples(manager.create(blocks(places, 0), shape), manager.create(blocks(places, 1), shape));
    }

    @Override
    public Examples testing(NDManager manager, Architecture architecture, int from, int to) {
        int[] places = new int[to - from];
        for (int k = 0; k < places.length; k++) {
            places[k] = cut + (from + k) * length;
        }
        return new Examples(
                manager.create(blocks(places, 0), new Shape(places.length, length)),
                manager.create(blocks(places, 1), new Shape(1, places.length, length)));
    }

    /** Returns the characters behind each place, {@code shift} further on. */
    private long[] blocks(int[] places, int shift) {
        long[] blocks = new long[places.length * length];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = text.at(places[i / length] + i % length + shift);
        }
        return blocks;
    }

    @Override
    public Map<String, String> provenance() {
        Map<String, String> map = new TreeMap<>();
        map.put("source", text.origin().source());
        map.put("source.digest", text.origin().digest());
        map.put("source.licence", text.origin().licence());
        map.put("text.length", String.valueOf(length));
        map.put("text.test", String.valueOf(test));
        map.put("text.vocabulary", text.vocabulary());
        return map;
    }
}
