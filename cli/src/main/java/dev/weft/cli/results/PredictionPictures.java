package dev.weft.cli.results;

import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.report.Statistics;
import dev.weft.cli.results.PredictionFacts.Round;
import dev.weft.cli.results.PredictionFacts.Run;
import dev.weft.cli.results.PredictionLog.Point;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The pictures of {@link PredictionPage}. */
final class PredictionPictures {

    private static final double PERCENT = 100;

    private final PredictionFacts facts;

    PredictionPictures(PredictionFacts facts) {
        this.facts = facts;
    }

    /** Writes all pictures that there is something to show in. */
    void write(PageFiles files) throws IOException {
        if (facts.runs().stream().anyMatch(run -> !run.rounds().isEmpty())) {
            files.picture("training", this::training);
        }
        if (!facts.descents(PredictionLog.DRAWN).isEmpty()) {
            files.picture("descent", this::descent);
        }
    }

    /** Accuracy and loss of the validation networks over steps and over processor time. */
    private BufferedImage training() {
        return CurvePlot.draw(List.of(
                panel("Validation accuracy, %", "steps", Round::steps, round -> PERCENT * round.accuracy()),
                panel(
                        "Validation accuracy, %",
                        "processor seconds", Round::cpuSeconds, round -> PERCENT * round.accuracy()),
                panel("Validation loss", "steps", Round::steps, Round::loss)));
    }

    private CurvePlot.Panel panel(
            String title, String axis, ToDoubleFunction<Round> position, ToDoubleFunction<Round> value) {
        List<CurvePlot.Series> series = new ArrayList<>();
        for (PredictionArm arm : PredictionArm.published()) {
            List<List<Round>> runs = longest(facts.runsOf(arm));
            if (!runs.isEmpty()) {
                series.add(new CurvePlot.Series(arm.label(), means(runs, position), means(runs, value)));
            }
        }
        return new CurvePlot.Panel(title, axis, series);
    }

    /** Returns the rounds of the runs that have come furthest, the others would cut the curve. */
    private static List<List<Round>> longest(List<Run> runs) {
        int most = runs.stream().mapToInt(run -> run.rounds().size()).max().orElse(0);
        return most == 0
                ? List.of()
                : runs.stream()
                        .map(Run::rounds)
                        .filter(rounds -> rounds.size() == most)
                        .toList();
    }

    private static double[] means(List<List<Round>> runs, ToDoubleFunction<Round> value) {
        return IntStream.range(0, runs.get(0).size())
                .mapToDouble(i -> Statistics.mean(runs.stream()
                        .mapToDouble(rounds -> value.applyAsDouble(rounds.get(i)))
                        .toArray()))
                .toArray();
    }

    /** Accuracy and loss of test networks along gradient descent, from each start. */
    private BufferedImage descent() {
        return CurvePlot.draw(List.of(
                descent("Test accuracy, %", point -> PERCENT * point.accuracy()), descent("Test loss", Point::loss)));
    }

    private CurvePlot.Panel descent(String title, ToDoubleFunction<Point> value) {
        List<CurvePlot.Series> series = new ArrayList<>();
        List<PredictionDescent> all = new ArrayList<>(PredictionDescent.all(facts));
        Collections.rotate(all, -1); // drawn starts last: the hypernetworks keep the colours of the other picture
        for (PredictionDescent each : all) {
            double[] steps =
                    each.steps().stream().mapToDouble(Integer::doubleValue).toArray();
            double[] values = each.steps().stream()
                    .mapToDouble(step -> each.mean(step, value))
                    .toArray();
            if (Arrays.stream(values).allMatch(Double::isFinite)) {
                series.add(new CurvePlot.Series(each.label(), steps, values));
            }
        }
        return new CurvePlot.Panel(title, "SGD steps", series);
    }
}
