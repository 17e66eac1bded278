package dev.weft.cli.results;

import dev.weft.cli.report.Statistics;
import dev.weft.cli.results.PredictionLog.Entry;
import dev.weft.cli.results.PredictionLog.Point;
import dev.weft.datasets.architecture.ArchitectureSplit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Gradient descent on test networks from one start.
 *
 * @param label of the start
 * @param entries one a network
 */
record PredictionDescent(String label, List<Entry> entries) {

    /** The label of starts that no hypernetwork wrote. */
    static final String DRAWN = "drawn at random";

    /** Returns the descents from all starts that have been tried. */
    static List<PredictionDescent> all(PredictionFacts facts) {
        List<PredictionDescent> all = new ArrayList<>();
        all.add(of(facts, DRAWN, PredictionLog.DRAWN));
        for (PredictionArm arm : PredictionArm.published()) {
            all.add(of(facts, arm.label(), arm.text()));
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

    /**
     * Compares with another start network by network.
     *
     * @return how much more accurate this start's networks are, those that both have
     */
    double[] ahead(PredictionDescent other, int steps) {
        Map<String, Double> theirs = other.accuracies(steps);
        Map<String, Double> own = accuracies(steps);
        return own.entrySet().stream()
                .filter(each -> theirs.containsKey(each.getKey()))
                .mapToDouble(each -> each.getValue() - theirs.getOrDefault(each.getKey(), Double.NaN))
                .toArray();
    }

    private Map<String, Double> accuracies(int steps) {
        Map<String, Double> accuracies = new LinkedHashMap<>();
        for (Entry entry : entries) {
            entry.points().stream()
                    .filter(point -> point.steps() == steps)
                    .forEach(point -> accuracies.put(entry.network(), point.accuracy()));
        }
        return accuracies;
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
