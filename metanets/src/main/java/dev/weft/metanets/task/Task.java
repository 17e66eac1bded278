package dev.weft.metanets.task;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Map;

/**
 * What a metanet's outputs are compared with. Rows are named by their index in the data set, so that a task can keep its
 * targets in any form.
 *
 * <p>To add a task: implement this, give its name to {@link RunConfig}, and the loop does the rest.
 */
public interface Task {

    /** The name in {@code config.json}. */
    String name();

    /** The number of values that a metanet gives for each row. */
    int outputs();

    /** The meaning of each output, empty if there is none. */
    List<String> outputNames();

    /**
     * Returns the loss summed over rows, a scalar.
     *
     * @param outputs [b, outputs]
     * @param rows b indices into the data set
     */
    NDArray loss(NDArray outputs, int[] rows);

    /**
     * Returns figures over a set of rows, by name, the mean loss among them.
     *
     * @param outputs one array of {@link #outputs()} values a row
     * @param rows indices into the data set
     */
    Map<String, Double> score(float[][] outputs, int[] rows);

    /** The figure of {@link #score} that selects the best epoch. */
    String selection();

    /** Whether more of it is better. */
    boolean higherIsBetter();
}
