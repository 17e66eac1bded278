package dev.weft.datasets.inr;

/** The values that an INR is fitted to; images have [0, 1]. */
public enum PixelRange {
    /** [0, 1], as they are. */
    UNIT(0, 1),
    /** [-1, 1]. */
    SIGNED(-1, 2);

    /** The largest PSNR that is reported, in dB: a perfect fit has no finite one. */
    public static final double PSNR_MAX = 200;

    private final float low;
    private final float span;

    PixelRange(float low, float span) {
        this.low = low;
        this.span = span;
    }

    /** Returns the target for a pixel in [0, 1]. */
    public float target(float pixel) {
        return low + span * pixel;
    }

    /** Returns the value of a target for black. */
    public float low() {
        return low;
    }

    /** Returns the distance from black to white. */
    public float span() {
        return span;
    }

    /** Returns the peak signal-to-noise ratio in dB of a mean squared error of targets. */
    public double psnr(double meanSquaredError) {
        double peak = (double) span * span;
        return Math.min(PSNR_MAX, 10 * StrictMath.log10(peak / meanSquaredError));
    }

    /** Returns the mean squared error of targets at a PSNR in dB; 0 for infinity. */
    public double meanSquaredError(double psnr) {
        return (double) span * span / StrictMath.pow(10, psnr / 10);
    }
}
