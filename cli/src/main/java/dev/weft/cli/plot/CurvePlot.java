package dev.weft.cli.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Lines over a common axis, such as loss and accuracy over the epochs; several panels stand beside each other. */
public final class CurvePlot {

    private static final int WIDTH = 460;
    private static final int HEIGHT = 440;

    private CurvePlot() {}

    /**
     * One line.
     *
     * @param name for the legend, unique in its panel
     * @param x positions [points]
     * @param y values [points]; NaN leaves a gap
     */
    public record Series(String name, double[] x, double[] y) {
        public Series {
            if (x.length != y.length || x.length == 0) {
                throw new IllegalArgumentException(
                        "series '" + name + "' has " + x.length + " positions and " + y.length + " values");
            }
        }
    }

    /**
     * One set of axes.
     *
     * @param title above it, for example {@code Accuracy}
     * @param xLabel for example {@code epoch}
     * @param series colours repeat after 8, then dashed
     */
    public record Panel(String title, String xLabel, List<Series> series) {
        public Panel {
            series = List.copyOf(series);
        }
    }

    /** Draws the panels from left to right. */
    public static BufferedImage draw(List<Panel> panels) {
        return Canvas.draw(WIDTH * panels.size(), HEIGHT, graphics -> {
            for (Panel panel : panels) {
                chart(panel).paint(graphics, WIDTH, HEIGHT);
                graphics.translate(WIDTH, 0);
            }
        });
    }

    private static XYChart chart(Panel panel) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(panel.title)
                .xAxisTitle(panel.xLabel)
                .build();
        style(chart.getStyler());
        int number = 0;
        for (Series series : panel.series) {
            XYSeries line = chart.addSeries(series.name, series.x, series.y);
            int colours = Canvas.COLOURS.size();
            line.setLineColor(Canvas.COLOURS.get(number % colours));
            line.setLineStyle(stroke(number >= colours));
            line.setMarker(SeriesMarkers.NONE);
            number++;
        }
        return chart;
    }

    private static BasicStroke stroke(boolean isDashed) {
        float[] dashes = isDashed ? new float[] {6, 4} : null;
        return new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND, 1, dashes, 0);
    }

    private static void style(XYStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE)
                .setChartFontColor(Canvas.TEXT)
                .setChartTitleFont(Canvas.TITLE)
                .setChartTitleBoxVisible(false)
                .setPlotBorderVisible(false)
                .setChartPadding(12)
                .setLegendFont(Canvas.PLAIN)
                .setLegendPosition(LegendPosition.OutsideS)
                .setLegendLayout(LegendLayout.Vertical)
                .setLegendBorderColor(Color.WHITE);
        styler.setAxisTitleFont(Canvas.PLAIN)
                .setAxisTickLabelsFont(Canvas.PLAIN)
                .setAxisTickLabelsColor(Canvas.TEXT)
                .setAxisTicksMarksVisible(false)
                .setAxisTicksLineVisible(false)
                .setPlotGridLinesColor(Canvas.FAINT)
                .setPlotGridLinesStroke(new BasicStroke(1))
                .setPlotGridVerticalLinesVisible(false)
                .setYAxisTickMarkSpacingHint(36)
                .setXAxisMaxLabelCount(8);
    }
}
