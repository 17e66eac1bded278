package dev.weft.datasets.inr;

/**
 * Which pixels a step of a fit sees: a share of them, drawn anew for each step, that grows to all in {@link #STAGES} equal
 * stages over the recipe's steps. Fewer pixels make a step cheaper by as much, and early steps need no more: the baseline
 * that choosing pixels by their error has to beat (Zhang et al. 2024, "Nonparametric teaching of implicit neural
 * representations", whose stages these are).
 *
 * @param firstShare of all pixels in the first stage, above 0; 1 for full batches
 */
public record PixelSampling(double firstShare) {

    /** Full batches, as the published data sets were made. */
    public static final PixelSampling ALL = new PixelSampling(1);

    static final int STAGES = 10;

    public PixelSampling {
        if (!(firstShare > 0 && firstShare <= 1)) {
            throw new IllegalArgumentException(
                    "the first share of pixels must be above 0 and at most 1, got " + firstShare);
        }
    }

    /** Says whether every step sees all pixels. */
    public boolean isAll() {
        return firstShare == 1;
    }

    /** Returns how many pixels step {@code step} of {@code steps} sees, at least one. */
    int count(int step, int steps, int pixels) {
        int stage = (int) Math.min(STAGES - 1, (long) step * STAGES / Math.max(1, steps));
        double share = firstShare + (1 - firstShare) * stage / (STAGES - 1);
        return Math.min(pixels, (int) Math.ceil(share * pixels));
    }
}
