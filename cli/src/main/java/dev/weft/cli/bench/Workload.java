package dev.weft.cli.bench;

import java.util.List;

/**
 * How much work the benchmarks do: enough for steady figures, or next to nothing in tests.
 *
 * @param warmupSeconds for which each work is repeated before it counts, so that Java has compiled it
 * @param roundSeconds for which each work is repeated in a round
 * @param rounds rounds whose median is reported
 * @param trainingNetworks networks of one timing of {@code ng-gnn.train}
 * @param plainMicroBatches micro-batches to choose the per-edge form's best from
 * @param memoryNetworks in the zoo that is trained on to see the peak of memory
 * @param zooNetworks networks to read in {@code zoo.read}
 * @param images to fit in one timing of {@code inr.fit}
 * @param imageSize height and width of an image
 * @param fitSteps updates of each network
 * @param fitGroups networks that DJL fits together
 * @param forecastWords vocabulary of the network in {@code nino.forecast}
 * @param published whether networks are predicted in their published sizes
 */
record Workload(
        double warmupSeconds,
        double roundSeconds,
        int rounds,
        int trainingNetworks,
        List<Integer> plainMicroBatches,
        int memoryNetworks,
        int zooNetworks,
        int images,
        int imageSize,
        int fitSteps,
        List<Integer> fitGroups,
        int forecastWords,
        boolean published) {

    /** Under five minutes on two cores. */
    static final Workload FULL = new Workload(
            1, 0.2, 5, 32, List.of(4, 8, 16, 32), 512, 10_000, 64, 28, 100, List.of(1, 8, 16, 64), 50_257, true);
}
