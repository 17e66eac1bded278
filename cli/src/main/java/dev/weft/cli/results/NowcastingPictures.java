package dev.weft.cli.results;

import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.plot.PointPlot;
import dev.weft.cli.report.Statistics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The pictures of {@link NowcastingPage}. */
final class NowcastingPictures {

    private static final String STEPS = "steps";
    private static final String CURVES = "curves";
    private static final double PERCENT = 100;

    private final Map<String, List<StepsLog.Entry>> runs;

    NowcastingPictures(List<StepsLog.Entry> entries) {
        this.runs = entries.stream()
                .collect(Collectors.groupingBy(StepsLog.Entry::optimizer, LinkedHashMap::new, Collectors.toList()));
    }

    void write(PageFiles files) throws IOException {
        files.picture(STEPS, this::steps);
        files.picture(CURVES, this::curves);
    }

    static String describe(String picture) {
        return picture.endsWith(STEPS + ".png") ? "Steps of each seed" : "Test loss and accuracy over the steps";
    }

    private BufferedImage steps() {
        List<PointPlot.Row> rows = new ArrayList<>();
        runs.forEach((optimizer, entries) -> {
            double[] points =
                    entries.stream().mapToDouble(StepsLog.Entry::steps).toArray();
            rows.add(new PointPlot.Row(optimizer, points, NowcastingPage.spread("%,.0f", points)));
        });
        return PointPlot.draw("Steps to the accuracy, a point for each seed", 0, rows);
    }

    private BufferedImage curves() {
        return CurvePlot.draw(List.of(
                panel("Test loss, nats, median over the seeds", StepsLog.Point::loss),
                panel("Test accuracy, %, median over the seeds", point -> PERCENT * point.accuracy())));
    }

    private CurvePlot.Panel panel(String title, ToDoubleFunction<StepsLog.Point> figure) {
        List<CurvePlot.Series> series = new ArrayList<>();
        runs.forEach((optimizer, entries) -> series.add(median(optimizer, entries, figure)));
        return new CurvePlot.Panel(title, "step; a run that has ended keeps its last figure", series);
    }

    private static CurvePlot.Series median(
            String optimizer, List<StepsLog.Entry> entries, ToDoubleFunction<StepsLog.Point> figure) {
        List<StepsLog.Point> longest = entries.stream()
                .map(StepsLog.Entry::curve)
                .reduce((one, other) -> one.size() < other.size() ? other : one)
                .orElseThrow();
        double[] steps = longest.stream().mapToDouble(StepsLog.Point::steps).toArray();
        double[] medians = new double[steps.length];
        for (int i = 0; i < steps.length; i++) {
            int test = i;
            medians[i] = Statistics.quantile(
                    0.5,
                    entries.stream()
                            .map(StepsLog.Entry::curve)
                            .map(curve -> curve.get(Math.min(test, curve.size() - 1)))
                            .mapToDouble(figure)
                            .toArray());
        }
        return new CurvePlot.Series(optimizer, steps, medians);
    }
}
