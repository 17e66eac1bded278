package dev.weft.datasets.inr;

import dev.weft.network.Seed;
import java.util.random.RandomGenerator;

/** Draws the pixels of each step of one fit after another, without replacement until all were seen. */
final class PixelSampler {

    private final PixelSampling sampling;
    private final int steps;
    private final PixelBatch all;
    private final PixelBatch some;
    private final int[] order;
    private int used;
    private RandomGenerator random = new Seed(0).random();

    /** Samples from {@code all}, whose targets may change between fits. */
    PixelSampler(InrRecipe recipe, PixelBatch all) {
        this.sampling = recipe.sampling();
        this.steps = recipe.steps();
        this.all = all;
        this.some = new PixelBatch(all.channels(), sampling.isAll() ? 0 : all.size());
        this.order = new int[all.size()];
    }

    /** Begins a fit. */
    void reset(Seed seed) {
        random = seed.random();
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        used = order.length;
    }

    /** Returns the pixels of a step, which stay until the next call: the batch itself if those are all. */
    PixelBatch at(int step) {
        int count = sampling.count(step, steps, all.size());
        if (count == all.size()) {
            return all;
        }
        if (used + count > order.length) {
            shuffle();
        }
        some.gather(all, order, used, count);
        used += count;
        return some;
    }

    private void shuffle() {
        for (int i = order.length - 1; i > 0; i--) {
            int k = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[k];
            order[k] = swap;
        }
        used = 0;
    }
}
