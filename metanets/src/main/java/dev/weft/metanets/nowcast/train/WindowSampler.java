package dev.weft.metanets.nowcast.train;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws windows of trajectories: a zoo, one of its runs and a start, each uniformly, then slices that begin one state after
 * another. Every window has its five states and {@code leastHorizons} states behind them.
 */
final class WindowSampler {

    private final List<List<TrajectoryRun>> runsOfZoos = new ArrayList<>();
    private final NowcastTraining training;
    private final int horizons;

    /** Windows of one run, each [states][P]. */
    record Windows(TrajectoryRun run, List<float[][]> states) {}

    /**
     * Finds the runs that are long enough.
     *
     * @param zoos one or more
     * @param split whose runs are read, no others
     * @param horizons K, states behind the five that are read at most
     * @throws IllegalArgumentException if a zoo has no such run
     */
    WindowSampler(List<Zoo> zoos, Split split, NowcastTraining training, int horizons) throws FormatException {
        this.training = training;
        this.horizons = horizons;
        if (training.leastHorizons() > horizons) {
            throw new IllegalArgumentException("leastHorizons: expected at most the network's horizons, " + horizons
                    + ", got " + training.leastHorizons());
        }
        for (Zoo zoo : zoos) {
            List<TrajectoryRun> runs = TrajectoryRun.of(zoo, split).stream()
                    .filter(run -> starts(run) > 0)
                    .toList();
            if (runs.isEmpty()) {
                throw new IllegalArgumentException(zoo.header().name() + ": no run of the split " + split.text()
                        + " has the " + span() + " rows that " + Trajectory.STATES + " states and "
                        + training.leastHorizons() + " behind them, " + training.stride()
                        + " rows apart, need with slices = " + training.slices());
            }
            runsOfZoos.add(runs);
        }
    }

    /** Returns how many rows a draw needs at least. */
    int span() {
        return (Trajectory.STATES + training.leastHorizons() + training.slices() - 2) * training.stride() + 1;
    }

    /** Returns how many places a draw can begin at, 0 if the run is too short. */
    private int starts(TrajectoryRun run) {
        return Math.max(0, run.states() - span() + 1);
    }

    /** Returns the runs that are long enough. */
    List<TrajectoryRun> runs() {
        return runsOfZoos.stream().flatMap(List::stream).toList();
    }

    /** Draws the slices of one run. */
    Windows draw(Seed seed) {
        RandomGenerator random = seed.random();
        List<TrajectoryRun> runs = runsOfZoos.get(random.nextInt(runsOfZoos.size()));
        TrajectoryRun run = runs.get(random.nextInt(runs.size()));
        return windows(run, random.nextInt(starts(run)), training.slices());
    }

    /** Returns slices that are spread evenly over a run, as many as asked for unless the run has fewer places. */
    Windows spread(TrajectoryRun run, int count) {
        int places = starts(run) + (training.slices() - 1) * training.stride();
        int taken = Math.min(count, places);
        List<float[][]> states = new ArrayList<>();
        for (int i = 0; i < taken; i++) {
            int start = taken == 1 ? 0 : (int) ((long) i * (places - 1) / (taken - 1));
            states.addAll(windows(run, start, 1).states);
        }
        return new Windows(run, states);
    }

    private Windows windows(TrajectoryRun run, int start, int slices) {
        List<float[][]> states = new ArrayList<>();
        for (int slice = 0; slice < slices; slice++) {
            states.add(run.read(start + slice * training.stride(), training.stride(), Trajectory.STATES + horizons));
        }
        return new Windows(run, states);
    }
}
