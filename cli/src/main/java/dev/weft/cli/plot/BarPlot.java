package dev.weft.cli.plot;

import java.awt.image.BufferedImage;
import java.util.List;

/** Values to compare, one horizontal bar each, from zero. */
public final class BarPlot {

    private static final int BAR = 22;
    private static final int STEP = 32;
    private static final int GAP = 12;
    private static final int HEAD = 40;
    private static final int LENGTH = 380;

    private BarPlot() {}

    /**
     * One bar.
     *
     * @param label to its left
     * @param value its length, not negative
     * @param text to its right, for example {@code 87.3 %}
     */
    public record Bar(String label, double value, String text) {
        public Bar {
            if (!(value >= 0) || Double.isInfinite(value)) {
                throw new IllegalArgumentException("bar '" + label + "': expected a value from 0, found " + value);
            }
        }
    }

    /**
     * Draws the bars from top to bottom.
     *
     * @param full the value of a bar of full length, or 0 for the greatest of the bars
     */
    public static BufferedImage draw(String title, double full, List<Bar> bars) {
        double greatest = bars.stream().mapToDouble(Bar::value).max().orElse(0);
        double scale = LENGTH / Math.max(Math.max(full, greatest), Double.MIN_NORMAL);
        int left = 2 * GAP + Canvas.widest(bars.stream().map(Bar::label).toList());
        int right = 2 * GAP + Canvas.widest(bars.stream().map(Bar::text).toList());
        int width = Math.max(left + LENGTH + right, Canvas.width(title, Canvas.TITLE) + 2 * GAP);
        return Canvas.draw(width, HEAD + bars.size() * STEP + GAP, graphics -> {
            Canvas.title(graphics, title, GAP, 2 * GAP);
            for (int i = 0; i < bars.size(); i++) {
                Bar bar = bars.get(i);
                int top = HEAD + i * STEP;
                int length = (int) Math.round(bar.value * scale);
                graphics.setColor(Canvas.COLOURS.get(0));
                graphics.fillRect(left, top, length, BAR);
                graphics.setColor(Canvas.TEXT);
                Canvas.rightAligned(graphics, bar.label, left - GAP / 2, top + BAR / 2);
                Canvas.rightAligned(
                        graphics,
                        bar.text,
                        left + length + GAP / 2 + Canvas.width(bar.text, Canvas.PLAIN),
                        top + BAR / 2);
            }
        });
    }
}
