package dev.weft.metanets.nowcast.train;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One network's states in a zoo: rows behind one another, evenly spaced in steps.
 *
 * @param zoo whose rows they are
 * @param first row of the earliest state
 * @param states how many
 */
public record TrajectoryRun(Zoo zoo, int first, int states) {

    /**
     * Finds the runs of a split.
     *
     * @throws FormatException if a run's states are not evenly spaced, or of several architectures
     */
    public static List<TrajectoryRun> of(Zoo zoo, Split split) throws FormatException {
        List<TrajectoryRun> runs = new ArrayList<>();
        int first = 0;
        while (first < zoo.size()) {
            int end = first + 1;
            while (end < zoo.size() && zoo.runId(end).equals(zoo.runId(first))) {
                end++;
            }
            if (zoo.split(first) == split) {
                runs.add(new TrajectoryRun(zoo, first, end - first).requireEven());
            }
            first = end;
        }
        return runs;
    }

    private TrajectoryRun requireEven() throws FormatException {
        long spacing = states > 1 ? zoo.step(first + 1) - zoo.step(first) : 1;
        for (int row = first + 1; row < first + states; row++) {
            if (zoo.step(row) - zoo.step(row - 1) != spacing || spacing < 1) {
                throw unsupported(
                        row,
                        "is at step " + zoo.step(row) + ", the one before at " + zoo.step(row - 1)
                                + ": expected states " + Math.max(1, spacing) + " steps apart");
            }
            if (!zoo.architecture(row).equals(architecture())) {
                throw unsupported(row, "is of " + zoo.architecture(row) + ", its run began as " + architecture());
            }
        }
        return this;
    }

    private FormatException unsupported(int row, String what) {
        return new FormatException.Unsupported(zoo.header().name(), "row '" + zoo.id(row) + "' " + what);
    }

    public Architecture architecture() {
        return zoo.architecture(first);
    }

    /**
     * Reads every {@code stride}th state from {@code start} on, {@code most} at most.
     *
     * @param kept what is kept of a state [P]
     * @return states, oldest first
     */
    float[][] read(int start, int stride, int most, UnaryOperator<float[]> kept) {
        int count = Math.min(most, (states - 1 - start) / stride + 1);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = kept.apply(zoo.parameters(first + start + i * stride));
        }
        return rows;
    }
}
