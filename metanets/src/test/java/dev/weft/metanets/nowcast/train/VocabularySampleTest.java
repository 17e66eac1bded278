package dev.weft.metanets.nowcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.Llama;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VocabularySampleTest {

    private static final int WORDS = 4;
    private static final int[] DRAWN = {0, 2, 5, 6};

    /** Seven words in a space of six. */
    static Architecture gpt2() {
        return Gpt2.of(new Gpt2.Config(new Input.Tokens(7, 3), 6, 1, 2, true, true, new Layer.GeluTanh()));
    }

    private static Architecture llama(boolean tied) {
        return Llama.of(new Llama.Config(new Input.Tokens(7, 3), 4, 1, 2, 1, 2, 7, 1e4, 1e-5, false, false, tied));
    }

    /** Parameter i is i. */
    private static float[] row(Architecture architecture) {
        float[] row = new float[(int) architecture.parameterCount()];
        for (int i = 0; i < row.length; i++) {
            row[i] = i;
        }
        return row;
    }

    /** Returns the parameters whose first axis is that of words, and checks all values, which are numbered. */
    private static List<String> namesOfCut(Architecture whole) {
        VocabularySample sample = new VocabularySample(whole, WORDS);
        float[] taken = sample.take(row(whole), DRAWN);
        assertEquals(sample.architecture().parameterCount(), taken.length);
        for (int i = 0; i < whole.parameters().size(); i++) {
            ParameterTensor from = whole.parameters().get(i);
            ParameterTensor to = sample.architecture().parameters().get(i);
            assertEquals(from.name(), to.name());
            boolean isCut = !from.shape().equals(to.shape());
            int width = (int) (from.size() / from.shape().get(0));
            int rows = to.shape().get(0);
            for (int r = 0; r < rows; r++) {
                long first = from.offset() + (long) width * (isCut ? DRAWN[r] : r);
                for (int c = 0; c < width; c++) {
                    assertEquals(first + c, taken[(int) to.offset() + r * width + c], from.name());
                }
            }
        }
        return IntStream.range(0, whole.parameters().size())
                .filter(i -> whole.parameters().get(i).size()
                        != sample.architecture().parameters().get(i).size())
                .mapToObj(i -> whole.parameters().get(i).name())
                .toList();
    }

    @Test
    void keepsTheRowsOfSomeWords() {
        assertEquals(List.of("transformer.wte.weight"), namesOfCut(gpt2()));
        assertEquals(List.of("model.embed_tokens.weight"), namesOfCut(llama(true)));
        assertEquals(
                List.of("model.embed_tokens.weight", "lm_head.weight"),
                namesOfCut(llama(false)),
                "not the hidden layer, which has as many neurons as there are words");
    }

    @Test
    void drawsOtherWordsInOrder() {
        VocabularySample sample = new VocabularySample(gpt2(), WORDS);
        int[] first = sample.draw(new Seed(1).random());
        assertEquals(WORDS, first.length);
        assertTrue(IntStream.range(1, WORDS).allMatch(i -> first[i - 1] < first[i]), Arrays.toString(first));
        assertArrayEquals(first, sample.draw(new Seed(1).random()));
        boolean differs = IntStream.range(2, 20)
                .mapToObj(seed -> sample.draw(new Seed(seed).random()))
                .anyMatch(drawn -> !Arrays.equals(first, drawn));
        assertTrue(differs);
    }

    @Test
    void leavesOtherNetworksWhole() {
        for (Architecture whole : List.of(gpt2(), TinyTrajectories.MLP)) {
            VocabularySample sample = new VocabularySample(whole, 7);
            assertSame(whole, sample.architecture());
            float[] row = row(whole);
            assertSame(row, sample.take(row, sample.draw(new Seed(1).random())));
        }
    }
}
