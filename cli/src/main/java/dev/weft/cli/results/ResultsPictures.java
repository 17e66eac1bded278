package dev.weft.cli.results;

import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.plot.PointPlot;
import dev.weft.cli.report.Statistics;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The pictures of {@link ResultsPage}. */
final class ResultsPictures {

    private static final double PERCENT = 100;
    private static final double SECONDS_PER_MINUTE = 60;

    private final List<ModelResult> models;

    ResultsPictures(List<ModelResult> models) {
        this.models = models;
    }

    void write(PageFiles files) throws IOException {
        files.picture("accuracy", this::accuracy);
        files.picture("curves", this::curves);
    }

    /** Test accuracies, a point a seed. */
    private BufferedImage accuracy() {
        List<PointPlot.Row> rows = new ArrayList<>();
        for (ModelResult model : models) {
            double[] points = model.runs().stream()
                    .mapToDouble(run -> PERCENT * run.testAccuracy())
                    .toArray();
            String text = String.format(Locale.ROOT, "%.1f %%", Statistics.mean(points));
            rows.add(new PointPlot.Row(model.label(), points, text));
        }
        return PointPlot.draw("Test accuracy, a point for each seed", PERCENT, rows);
    }

    /** Validation accuracy over epochs and over time. */
    private BufferedImage curves() {
        return CurvePlot.draw(List.of(
                panel("epoch", ResultsPictures::epochs), panel("minutes of training", ResultsPictures::minutes)));
    }

    private CurvePlot.Panel panel(String axis, Function<double[], double[]> positions) {
        List<CurvePlot.Series> series = new ArrayList<>();
        for (ModelResult model : models) {
            double[] accuracy = mean(model.runs(), ModelResult.SeedRun::validation);
            double[] seconds = mean(model.runs(), ModelResult.SeedRun::seconds);
            series.add(new CurvePlot.Series(
                    model.label(),
                    positions.apply(seconds),
                    IntStream.range(0, accuracy.length)
                            .mapToDouble(epoch -> PERCENT * accuracy[epoch])
                            .toArray()));
        }
        return new CurvePlot.Panel("Validation accuracy, %, mean over the seeds", axis, series);
    }

    private static double[] epochs(double[] seconds) {
        return IntStream.rangeClosed(1, seconds.length).asDoubleStream().toArray();
    }

    private static double[] minutes(double[] seconds) {
        double[] minutes = new double[seconds.length];
        double sum = 0;
        for (int epoch = 0; epoch < seconds.length; epoch++) {
            sum += seconds[epoch];
            minutes[epoch] = sum / SECONDS_PER_MINUTE;
        }
        return minutes;
    }

    /** Returns the mean of a figure at each epoch that all runs have. */
    private static double[] mean(List<ModelResult.SeedRun> runs, Function<ModelResult.SeedRun, double[]> figure) {
        int epochs =
                runs.stream().mapToInt(run -> figure.apply(run).length).min().orElse(0);
        return IntStream.range(0, epochs)
                .mapToDouble(epoch -> Statistics.mean(runs.stream()
                        .mapToDouble(run -> figure.apply(run)[epoch])
                        .toArray()))
                .toArray();
    }
}
