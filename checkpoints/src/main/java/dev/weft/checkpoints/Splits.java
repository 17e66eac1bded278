package dev.weft.checkpoints;

import dev.weft.network.Seed;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Divides runs into splits. A run is never cut: checkpoints of one run are too alike to be on both sides. */
public final class Splits {

    private Splits() {}

    /**
     * Draws exact shares of the runs. The result depends on the set of runs and the seed, not on the order of the runs.
     *
     * @param runIds the runs; repeated ones count once
     * @param val share of {@link Split#VAL}, in [0, 1]
     * @param test share of {@link Split#TEST}, in [0, 1], with {@code val + test <= 1}
     * @param seed of the draw
     * @return the split of each run
     */
    public static Map<String, Split> byRun(Collection<String> runIds, double val, double test, Seed seed) {
        if (!(val >= 0 && test >= 0 && val + test <= 1)) {
            throw new IllegalArgumentException(
                    "shares must be at least 0 and sum to at most 1, got val=" + val + " test=" + test);
        }
        Seed draw = seed.split("splits");
        List<String> shuffled = new TreeSet<>(runIds)
                .stream()
                        .sorted(Comparator.comparingLong(
                                (String run) -> draw.split(run).value()))
                        .toList();
        int vals = (int) Math.round(val * shuffled.size());
        int tests = Math.min(shuffled.size() - vals, (int) Math.round(test * shuffled.size()));
        Map<String, Split> splits = new LinkedHashMap<>();
        for (int i = 0; i < shuffled.size(); i++) {
            Split split = i < vals ? Split.VAL : i < vals + tests ? Split.TEST : Split.TRAIN;
            splits.put(shuffled.get(i), split);
        }
        return splits;
    }
}
