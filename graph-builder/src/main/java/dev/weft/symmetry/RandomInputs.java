package dev.weft.symmetry;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Embedding;
import dev.weft.network.Form;
import dev.weft.network.Input;
import dev.weft.network.Reshaping;
import dev.weft.network.Seed;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random inputs for checks: normal values, or words. */
public final class RandomInputs {

    private static final int LONGEST_TEXT = 16;

    private RandomInputs() {}

    /**
     * Returns m inputs [m, *shape]; texts have at most 16 words unless the network needs its whole length.
     *
     * @param manager owner of the array
     * @param type of values; words are whole numbers of type int64
     */
    public static NDArray of(NDManager manager, Architecture architecture, int m, DataType type, Seed seed) {
        RandomGenerator random = seed.random();
        if (architecture.input() instanceof Input.Tokens tokens) {
            int length = wholeText(architecture) ? tokens.length() : Math.min(tokens.length(), LONGEST_TEXT);
            long[] words =
                    random.longs((long) m * length, 0, tokens.vocabulary()).toArray();
            return manager.create(words, new Shape(m, length));
        }
        List<Integer> sample = architecture.formOf(Architecture.INPUT).shape();
        Shape shape = new Shape(m);
        for (int extent : sample) {
            shape = shape.add(extent);
        }
        double[] values = new double[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return manager.create(values, shape).toType(type, false);
    }

    /** Whether a node counts positions, so that shorter texts would not do. */
    private static boolean wholeText(Architecture architecture) {
        return architecture.nodes().stream()
                .anyMatch(node -> node.layer() instanceof Reshaping.Positions
                        || node.layer() instanceof Reshaping.Flatten
                                && architecture.formOf(node.inputs().get(0)).layout() == Form.Layout.SEQUENCE
                        || node.layer() instanceof Embedding.PositionArray);
    }
}
