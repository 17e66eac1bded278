package dev.weft.cli.plot;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/** A few measurements for each of some things, as points on a line of its own from zero, with a bar to their mean. */
public final class PointPlot {

    private static final int BAR = 22;
    private static final int STEP = 34;
    private static final int POINT = 8;
    private static final int GAP = 12;
    private static final int HEAD = 40;
    private static final int LENGTH = 420;
    private static final Color MEAN = new Color(0xcce3f0);

    private PointPlot() {}

    /**
     * One line.
     *
     * @param label to its left
     * @param points not negative, at least one
     * @param text to its right, for example the mean
     */
    public record Row(String label, double[] points, String text) {
        public Row {
            if (points.length == 0) {
                throw new IllegalArgumentException("line '" + label + "' has no points");
            }
            for (double point : points) {
                if (!(point >= 0) || Double.isInfinite(point)) {
                    throw new IllegalArgumentException("line '" + label + "': expected values from 0, found " + point);
                }
            }
        }

        private double greatest() {
            return Arrays.stream(points).max().orElseThrow();
        }

        private double mean() {
            return Arrays.stream(points).average().orElseThrow();
        }
    }

    /**
     * Draws the lines from top to bottom.
     *
     * @param full the value at full length, or 0 for the greatest of the points
     */
    public static BufferedImage draw(String title, double full, List<Row> rows) {
        double greatest = rows.stream().mapToDouble(Row::greatest).max().orElse(0);
        double scale = LENGTH / Math.max(Math.max(full, greatest), Double.MIN_NORMAL);
        int left = 2 * GAP + Canvas.widest(rows.stream().map(Row::label).toList());
        int right = 3 * GAP + Canvas.widest(rows.stream().map(Row::text).toList());
        int width = Math.max(left + LENGTH + right, Canvas.width(title, Canvas.TITLE) + 2 * GAP);
        return Canvas.draw(width, HEAD + rows.size() * STEP + GAP, graphics -> {
            Canvas.title(graphics, title, GAP, 2 * GAP);
            for (int i = 0; i < rows.size(); i++) {
                Graphics2D line = (Graphics2D) graphics.create();
                line.translate(left, HEAD + i * STEP);
                draw(line, rows.get(i), scale, width - left - GAP);
                line.dispose();
            }
        });
    }

    /** Draws one line, whose zero is at the origin; the text ends at {@code right}. */
    private static void draw(Graphics2D graphics, Row row, double scale, int right) {
        graphics.setColor(Canvas.FAINT);
        graphics.fillRect(0, BAR / 2, LENGTH, 1);
        graphics.setColor(MEAN);
        graphics.fillRect(0, 0, (int) Math.round(row.mean() * scale), BAR);
        graphics.setColor(Canvas.COLOURS.get(0));
        for (double point : row.points) {
            graphics.fillOval((int) Math.round(point * scale) - POINT / 2, (BAR - POINT) / 2, POINT, POINT);
        }
        graphics.setColor(Canvas.TEXT);
        Canvas.rightAligned(graphics, row.label, -GAP / 2, BAR / 2);
        Canvas.rightAligned(graphics, row.text, right, BAR / 2);
    }
}
