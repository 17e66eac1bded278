package dev.weft.metanets.nowcast.train;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Draws windows of trajectories: a zoo, one of its runs and a start, each uniformly, then slices that begin one state after
 * another, and the words that they are of. Every window has its five states and {@code leastHorizons} states behind them.
 */
final class WindowSampler {

    private final List<List<TrajectoryRun>> runsOfZoos = new ArrayList<>();
    private final Map<Architecture, VocabularySample> samples = new LinkedHashMap<>();
    private final NowcastTraining training;
    private final int horizons;

    /**
     * Windows of one run.
     *
     * @param architecture with the words that were drawn for all of them
     * @param states of each window [states][P']
     */
    record Windows(TrajectoryRun run, Architecture architecture, List<float[][]> states) {}

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
            runs.forEach(run -> samples.computeIfAbsent(
                    run.architecture(), architecture -> new VocabularySample(architecture, training.words())));
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

    /** Returns the networks that windows are of: the zoos', with no more words than windows take. */
    List<Architecture> architectures() {
        return samples.values().stream().map(VocabularySample::architecture).toList();
    }

    /** Draws the slices of one run, and the words that they are of. */
    Windows draw(Seed seed) {
        RandomGenerator random = seed.random();
        List<TrajectoryRun> runs = runsOfZoos.get(random.nextInt(runsOfZoos.size()));
        TrajectoryRun run = runs.get(random.nextInt(runs.size()));
        int start = random.nextInt(starts(run));
        List<Integer> slices = IntStream.range(0, training.slices())
                .mapToObj(slice -> start + slice * training.stride())
                .toList();
        return windows(run, slices, random);
    }

    /**
     * Returns slices that are spread evenly over a run, as many as asked for unless the run has fewer places.
     *
     * @param seed of the words that they are of
     */
    Windows spread(TrajectoryRun run, int count, Seed seed) {
        int places = starts(run) + (training.slices() - 1) * training.stride();
        int taken = Math.min(count, places);
        List<Integer> spread = IntStream.range(0, taken)
                .mapToObj(i -> taken == 1 ? 0 : (int) ((long) i * (places - 1) / (taken - 1)))
                .toList();
        return windows(run, spread, seed.random());
    }

    private Windows windows(TrajectoryRun run, List<Integer> starts, RandomGenerator random) {
        VocabularySample sample = Objects.requireNonNull(samples.get(run.architecture()));
        int[] words = sample.draw(random);
        List<float[][]> states = new ArrayList<>();
        for (int start : starts) {
            states.add(
                    run.read(start, training.stride(), Trajectory.STATES + horizons, row -> sample.take(row, words)));
        }
        return new Windows(run, sample.architecture(), states);
    }
}
