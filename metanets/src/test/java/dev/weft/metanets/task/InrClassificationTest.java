package dev.weft.metanets.task;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class InrClassificationTest {

    /** Rows 0 to 3 show b, a, c, a. */
    private static final InrClassification TASK = new InrClassification(new int[] {1, 0, 2, 0}, List.of("a", "b", "c"));

    private static double crossEntropy(double chosen, double... others) {
        double sum = Math.exp(chosen);
        for (double other : others) {
            sum += Math.exp(other);
        }
        return Math.log(sum) - chosen;
    }

    @Test
    void theLossIsTheSumOfCrossEntropies() {
        double expected = crossEntropy(0.5, 2, -1) + crossEntropy(0.1, 0.2, 0.3); // rows 2 and 1
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray outputs = manager.create(new float[] {2, -1, 0.5f, 0.1f, 0.2f, 0.3f}, new Shape(2, 3));
            assertEquals(expected, TASK.loss(outputs, new int[] {2, 1}).getFloat(), 1e-6);
        }
    }

    @Test
    void theScoreIsTheMeanLossAndTheShareOfRightAnswers() {
        float[][] outputs = {{0, 3, 1}, {1, 0, 0}, {2, 1, 0}, {5, -5, 0}};
        double loss =
                (crossEntropy(3, 0, 1) + crossEntropy(1, 0, 0) + crossEntropy(0, 2, 1) + crossEntropy(5, -5, 0)) / 4;
        var score = TASK.score(outputs, new int[] {0, 1, 2, 3});
        assertEquals(loss, score.get("loss"), 1e-12);
        assertEquals(0.75, score.get(TASK.selection()), 0);
        assertEquals(List.of("loss", "accuracy"), List.copyOf(score.keySet()));
    }

    @Test
    void theScoreIsExactForHopelessAnswers() {
        assertEquals(
                2000, TASK.score(new float[][] {{2000, 0, 0}}, new int[] {0}).get("loss"), 1e-9);
    }

    @Test
    void confusionCountsByTrueClassAndAnswer() {
        float[][] outputs = {{9, 0, 0}, {9, 0, 0}, {0, 0, 9}, {0, 9, 0}};
        int[][] expected = {{1, 1, 0}, {1, 0, 0}, {0, 0, 1}};
        assertArrayEquals(expected, TASK.confusion(outputs, new int[] {0, 1, 2, 3}));
    }

    @Test
    void probabilitiesAreTheSoftmaxAndDoNotOverflow() {
        double e = Math.E;
        assertArrayEquals(
                new double[] {1 / (1 + e), e / (1 + e)}, InrClassification.probabilities(new float[] {2, 3}), 1e-12);
        assertArrayEquals(
                new double[] {0.5, 0, 0.5}, InrClassification.probabilities(new float[] {3e38f, -3e38f, 3e38f}), 0);
        assertArrayEquals(new double[] {0.5, 0.5}, InrClassification.probabilities(new float[] {-3e38f, -3e38f}), 0);
    }

    @Test
    void ofEqualAnswersTheFirstCounts() {
        assertEquals(1, InrClassification.argMax(new float[] {-1, 4, 4}));
    }

    @Test
    void refusesLabelsThatAreNoClasses() {
        for (int label : new int[] {-1, 2}) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> new InrClassification(new int[] {0, 1, label}, List.of("a", "b")))
                    .getMessage();
            assertEquals("row 2: label " + label + " is outside [0, 2)", message);
        }
    }
}
