package dev.weft.graph;

/** Says what lines and fills mean. */
final class SvgLegend {

    private static final int STEPS = 5; // of a scale, on each side of zero
    private static final String WORDS = "font-size=\"12\" fill=\"" + SvgStyle.QUIET + "\"";

    private final Svg svg;
    private final double y;

    private SvgLegend(Svg svg, double y) {
        this.svg = svg;
        this.y = y;
    }

    /** Draws the legend along the line at {@code y}. */
    static void draw(Svg svg, double x, double y) {
        SvgLegend legend = new SvgLegend(svg, y);
        double end = legend.weights(x);
        legend.biases(end + 40);
        svg.text(x, y + 28, "Lines and fills are relative to the largest value of their tensor.", WORDS);
    }

    private double weights(double start) {
        svg.text(start, y + 4, "weight", WORDS);
        double x = sign(start + 54, "\u2212");
        for (int i = -STEPS; i <= STEPS; i++, x += i == 1 ? 0 : 19) {
            if (i != 0) {
                svg.raw("<path d=\"M" + Svg.number(x) + ' ' + Svg.number(y) + "h16\" fill=\"none\" "
                        + SvgStyle.line(i > 0, Math.abs(i) / (double) STEPS) + "/>");
            }
        }
        return sign(x, "+");
    }

    private void biases(double start) {
        svg.text(start, y + 4, "bias", WORDS);
        double x = sign(start + 36, "\u2212") + 6;
        svg.group(SvgStyle.outline(1));
        for (int i = -STEPS; i <= STEPS; i++, x += 16) {
            svg.circle(x, y, 6, "fill=\"" + SvgStyle.fill(i / (double) STEPS) + "\"");
        }
        svg.end();
        double none = sign(x - 4, "+") + 20;
        svg.group(SvgStyle.outline(1))
                .circle(none, y, 6, "fill=\"" + SvgStyle.NO_BIAS + "\"")
                .end();
        svg.text(none + 12, y + 4, "none", WORDS);
    }

    private double sign(double x, String sign) {
        svg.text(x, y + 4, sign, WORDS);
        return x + 14;
    }
}
