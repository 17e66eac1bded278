package dev.weft.cli.results;

import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.plot.PictureFiles;
import dev.weft.cli.plot.PointPlot;
import dev.weft.cli.report.Statistics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The pictures of a page of steps, which lie beside it and begin with its name. */
final class NowcastingPictures {

    private static final String STEPS = "-steps.png";
    private static final String CURVES = "-curves.png";
    private static final double PERCENT = 100;

    private final Path page;
    private final Map<String, List<StepsLog.Entry>> runs;

    NowcastingPictures(Path page, List<StepsLog.Entry> entries) {
        this.page = page;
        this.runs = entries.stream()
                .collect(Collectors.groupingBy(StepsLog.Entry::optimizer, LinkedHashMap::new, Collectors.toList()));
    }

    /** Writes all pictures and returns their names; none where Java finds no fonts. */
    List<String> write() throws IOException {
        List<String> written = new ArrayList<>();
        write(STEPS, this::steps, written);
        write(CURVES, this::curves, written);
        return written;
    }

    static String describe(String picture) {
        return picture.endsWith(STEPS) ? "Steps of each seed" : "Test loss and accuracy over the steps";
    }

    private void write(String ending, Supplier<BufferedImage> drawing, List<String> written) throws IOException {
        String name = String.valueOf(page.getFileName()).replaceFirst("\\.[^.]*$", "") + ending;
        if (PictureFiles.write(page.resolveSibling(name), drawing)) {
            written.add(name);
        }
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
