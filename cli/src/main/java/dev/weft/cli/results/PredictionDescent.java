package dev.weft.cli.results;

import dev.weft.cli.report.Statistics;
import dev.weft.cli.results.PredictionLog.Entry;
import dev.weft.cli.results.PredictionLog.Point;
import dev.weft.datasets.architecture.ArchitectureSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Gradient descent on test networks from one start.
 *
 * @param label of the start
 * @param entries one a network
 */
record PredictionDescent(String label, List<Entry> entries) {

    /** Returns the descents from all starts that have been tried. */
    static List<PredictionDescent> all(PredictionFacts facts) {
        List<PredictionDescent> all = new ArrayList<>();
        all.add(of(facts, "drawn at random", PredictionLog.DRAWN));
        for (PredictionArm arm : PredictionArm.values()) {
            all.add(of(facts, arm.label(), arm.model()));
        }
        return all.stream().filter(each -> !each.entries.isEmpty()).toList();
    }

    private static PredictionDescent of(PredictionFacts facts, String label, String start) {
        return new PredictionDescent(
                label,
                facts.descents(start).stream()
                        .filter(entry -> entry.split().equals(ArchitectureSplit.TEST.text()))
                        .toList());
    }

    /** Returns the steps at which the networks were judged. */
    List<Integer> steps() {
        return entries.stream()
                .flatMap(entry -> entry.points().stream())
                .map(Point::steps)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the mean over the networks. */
    double mean(int steps, ToDoubleFunction<Point> value) {
        return Statistics.mean(values(steps, value));
    }

    /** Returns the standard error of {@link #mean}. */
    double error(int steps, ToDoubleFunction<Point> value) {
        return Statistics.standardError(values(steps, value));
    }

    private double[] values(int steps, ToDoubleFunction<Point> value) {
        return entries.stream()
                .flatMap(entry -> entry.points().stream())
                .filter(point -> point.steps() == steps)
                .mapToDouble(value)
                .toArray();
    }

    /** Returns how many networks diverged before the end. */
    long diverged() {
        return entries.stream().filter(Entry::diverged).count();
    }
}
