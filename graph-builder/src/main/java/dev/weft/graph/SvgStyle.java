package dev.weft.graph;

/**
 * The look of the pictures: dark text on a light ground, orange for positive and blue for negative values, a pair that
 * colour-blind people can tell apart.
 */
final class SvgStyle {

    static final String GROUND = "#fcfbf8";
    static final String INK = "#1f2a37";
    static final String QUIET = "#6b7684";
    private static final String OUTLINE = "#3f4a58";
    static final String NO_BIAS = "#e4e2dc";

    private static final int[] POSITIVE = {0xd9, 0x5f, 0x0e};
    private static final int[] NEGATIVE = {0x1f, 0x6f, 0xb5};
    private static final int[] ZERO = {0xff, 0xff, 0xff};

    private SvgStyle() {}

    /** Returns the fill for a value in [-1, 1]: white at zero. */
    static String fill(double value) {
        int[] end = value < 0 ? NEGATIVE : POSITIVE;
        double t = Math.min(1, Math.abs(value));
        int[] mixed = new int[3];
        for (int i = 0; i < 3; i++) {
            mixed[i] = (int) Math.rint(ZERO[i] + t * (end[i] - ZERO[i]));
        }
        return hex(mixed);
    }

    /** Returns the attributes of the line of a weight whose magnitude is {@code t} of its tensor's largest. */
    static String line(boolean positive, double t) {
        return "stroke=\"" + hex(positive ? POSITIVE : NEGATIVE) + "\" stroke-width=\""
                + Svg.fraction(0.4 + 2.2 * Math.pow(t, 3)) + "\" stroke-opacity=\""
                + Svg.fraction(0.08 + 0.77 * Math.pow(t, 1.8))
                + "\"";
    }

    /** Returns the attributes of a circle's outline. */
    static String outline(double width) {
        return "stroke=\"" + OUTLINE + "\" stroke-width=\"" + Svg.fraction(width) + "\"";
    }

    private static String hex(int[] rgb) {
        return String.format("#%02x%02x%02x", rgb[0], rgb[1], rgb[2]);
    }
}
