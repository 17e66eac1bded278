package dev.weft.cli.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/** A confusion matrix: rows are the true classes, columns the predicted ones, shades the share of the row. */
public final class ConfusionPlot {

    private static final int CELL = 36;
    private static final int GAP = 10;
    private static final int HEAD = 58;
    private static final Color FULL = Canvas.COLOURS.get(0);

    private ConfusionPlot() {}

    /**
     * Draws the matrix.
     *
     * @param title above it
     * @param counts how often class i was taken for class j [classes, classes]
     * @param classes their names [classes]
     * @throws IllegalArgumentException if the matrix is not square or the names do not fit it
     */
    public static BufferedImage draw(String title, long[][] counts, List<String> classes) {
        int n = classes.size();
        if (counts.length != n || Arrays.stream(counts).anyMatch(row -> row.length != n)) {
            throw new IllegalArgumentException("expected " + n + " x " + n + " counts for " + n + " classes");
        }
        int left = 2 * GAP + Math.max(Canvas.widest(classes), Canvas.width("true", Canvas.PLAIN));
        int cell = Math.max(CELL, Canvas.widest(classes) + GAP);
        int width = Math.max(left + n * cell, Canvas.width(title, Canvas.TITLE) + GAP) + 2 * GAP;
        return Canvas.draw(width, HEAD + n * CELL + 3 * GAP, graphics -> {
            Canvas.title(graphics, title, GAP, 2 * GAP);
            Canvas.rightAligned(graphics, "true", left - GAP, HEAD - GAP);
            graphics.translate(left, HEAD);
            for (int i = 0; i < n; i++) {
                Canvas.rightAligned(graphics, classes.get(i), -GAP, i * CELL + CELL / 2);
                Canvas.centred(graphics, classes.get(i), i * cell + cell / 2, -GAP);
                row(graphics, counts[i], i, cell);
            }
            graphics.drawString("predicted", 0, n * CELL + 2 * GAP);
        });
    }

    private static void row(Graphics2D graphics, long[] counts, int row, int cell) {
        long sum = Arrays.stream(counts).sum();
        for (int j = 0; j < counts.length; j++) {
            double share = sum == 0 ? 0 : (double) counts[j] / sum;
            graphics.setColor(shade(share));
            graphics.fillRect(j * cell + 1, row * CELL + 1, cell - 2, CELL - 2);
            graphics.setColor(share > 0.5 ? Color.WHITE : Canvas.TEXT);
            if (counts[j] != 0) {
                Canvas.centred(graphics, String.valueOf(counts[j]), j * cell + cell / 2, row * CELL + CELL / 2);
            }
        }
        graphics.setColor(Canvas.TEXT);
    }

    /** Mixes from a very light grey to full colour; the root makes single mistakes visible. */
    private static Color shade(double share) {
        double weight = Math.sqrt(share);
        return new Color(
                mix(0xf4, FULL.getRed(), weight),
                mix(0xf4, FULL.getGreen(), weight),
                mix(0xf4, FULL.getBlue(), weight));
    }

    private static int mix(int from, int to, double weight) {
        return (int) Math.round(from + (to - from) * weight);
    }
}
