package dev.weft.datasets.training;

import dev.weft.network.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The mini-batches of one run: each epoch is a fresh shuffle of all examples cut into batches, the last of which may be
 * smaller. What a step sees depends on the seed and the step alone. Not for several threads.
 */
final class BatchSampler {

    private final int batchSize;
    private final Seed seed;
    private final int[] order;
    private long epoch = -1;

    BatchSampler(int examples, int batchSize, Seed seed) {
        if (batchSize < 1 || examples < 1) {
            throw new IllegalArgumentException(
                    "expected at least one example and one a batch, got " + examples + " and " + batchSize);
        }
        this.batchSize = batchSize;
        this.seed = seed;
        this.order = new int[examples];
    }

    private long stepsPerEpoch() {
        return (order.length + (long) batchSize - 1) / batchSize;
    }

    /** Returns the numbers of a step's examples; steps count from 0. */
    int[] at(long step) {
        long wanted = step / stepsPerEpoch();
        if (wanted != epoch) {
            shuffle(seed.split(wanted).random());
            epoch = wanted;
        }
        int from = (int) (step % stepsPerEpoch()) * batchSize;
        return Arrays.copyOfRange(order, from, Math.min(order.length, from + batchSize));
    }

    private void shuffle(RandomGenerator random) {
        for (int i = 0; i < order.length; i++) { // inside out
            int k = random.nextInt(i + 1);
            order[i] = order[k];
            order[k] = i;
        }
    }
}
