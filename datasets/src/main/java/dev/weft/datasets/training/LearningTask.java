package dev.weft.datasets.training;

import ai.djl.ndarray.NDManager;
import dev.weft.network.Architecture;
import java.util.Map;

/**
 * Something that networks learn from numbered examples: a training part that mini-batches are drawn from, and a test part.
 * The loss is the cross-entropy of classes or words. Implementations hold their examples in memory and do not change.
 *
 * <p>To add a task: 1. a class here that checks its settings when it is made; 2. {@link #provenance} with source, licence,
 * digest and everything that decides the examples; 3. if the command line should offer it, an option of {@code weft zoo
 * trajectories}.
 */
public interface LearningTask {

    /** Returns a short name, used in run ids: {@code digits}. */
    String name();

    /** Returns the number of examples to learn from. */
    int size();

    /** Returns the number of examples to be tested on. */
    int testSize();

    /**
     * Checks that a network can learn this.
     *
     * @throws IllegalArgumentException if its inputs or outputs have other sizes
     */
    void check(Architecture architecture);

    /**
     * Returns examples to learn from.
     *
     * @param manager owner of the arrays
     * @param architecture that {@link #check} accepts
     * @param numbers [n][m], for each network m numbers below {@link #size}
     * @return inputs [n, m, *shape], answers [n, m, *]
     */
    Examples training(NDManager manager, Architecture architecture, int[][] numbers);

    /**
     * Returns examples to be tested on, the same for all networks.
     *
     * @param from first number
     * @param to number behind the last, at most {@link #testSize}
     * @return inputs [m, *shape], answers [1, m, *]
     */
    Examples testing(NDManager manager, Architecture architecture, int from, int to);

    /** Returns what decides the examples. */
    Map<String, String> provenance();
}
