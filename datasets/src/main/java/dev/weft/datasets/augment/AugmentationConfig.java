package dev.weft.datasets.augment;

/**
 * How far rows are varied; 0 and false leave a variation out. Moves, flips and permutations are exact: the new network
 * stands for exactly the moved or the same picture. Noise and dropout are not.
 *
 * @param maxShift of the picture, uniform along each axis, in coordinates (2 is the whole picture)
 * @param maxRotationDegrees of the picture, uniform to both sides
 * @param maxScale the first layer is multiplied by 1 + U(-maxScale, maxScale), below 1
 * @param signFlips whether neurons are negated at random
 * @param permute whether hidden neurons are permuted at random
 * @param noise standard deviation of normal noise, as a share of each tensor's own deviation
 * @param dropout probability of a parameter to become 0; the others are divided by 1 - dropout
 */
public record AugmentationConfig(
        double maxShift,
        double maxRotationDegrees,
        double maxScale,
        boolean signFlips,
        boolean permute,
        double noise,
        double dropout) {

    /** Leaves rows as they are. */
    public static final AugmentationConfig NONE = new AugmentationConfig(0, 0, 0, false, false, 0, 0);

    /** Permutes and negates neurons, for models that do not know these symmetries. */
    public static final AugmentationConfig SYMMETRIES = new AugmentationConfig(0, 0, 0, true, true, 0, 0);

    /**
     * DWSNets' settings for classifying INRs. Two differences: their shift is not exact where it is put behind a sine, and
     * their noise adds one constant a tensor.
     */
    public static final AugmentationConfig DWS = new AugmentationConfig(0.25, 45, 0.2, false, false, 0.1, 0.01);

    public AugmentationConfig {
        check("maxShift", maxShift, Double.MAX_VALUE);
        check("maxRotationDegrees", maxRotationDegrees, Double.MAX_VALUE);
        check("maxScale", maxScale, Math.nextDown(1.0));
        check("noise", noise, Double.MAX_VALUE);
        check("dropout", dropout, Math.nextDown(1.0));
    }

    /** Also negates sine neurons at random, an exact symmetry. */
    public AugmentationConfig withSignFlips() {
        return new AugmentationConfig(maxShift, maxRotationDegrees, maxScale, true, permute, noise, dropout);
    }

    private static void check(String name, double value, double most) {
        if (!(value >= 0 && value <= most)) {
            throw new IllegalArgumentException(
                    name + " must be at least 0" + (most < 1 ? " and below 1" : " and finite") + ", got " + value);
        }
    }

    /** Whether the picture is moved. */
    boolean moves() {
        return maxShift > 0 || maxRotationDegrees > 0 || maxScale > 0;
    }
}
