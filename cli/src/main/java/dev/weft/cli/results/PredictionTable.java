package dev.weft.cli.results;

import dev.weft.cli.report.Statistics;
import dev.weft.cli.report.Table;
import dev.weft.cli.results.PredictionLog.Entry;
import dev.weft.cli.results.PredictionLog.Point;
import dev.weft.datasets.architecture.ArchitectureSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How good networks of each split are, line by line from a drawn start to the last hypernetwork. */
record PredictionTable(List<Line> lines) {

    /** The splits of the table, in its order. */
    static final List<ArchitectureSplit> SPLITS = Arrays.stream(ArchitectureSplit.values())
            .filter(split -> split != ArchitectureSplit.TRAIN)
            .toList();

    private static final double PERCENT = 100;

    /**
     * One source of parameters.
     *
     * @param seeds over which each network's accuracy was averaged
     * @param splits by their names; those that nothing is known of are missing
     */
    record Line(String source, int seeds, Map<String, Cell> splits) {}

    /**
     * One split.
     *
     * @param networks that were judged
     * @param mean of their accuracies
     * @param error standard error of the mean over the networks; 0 for a single one
     * @param best accuracy of any network and seed
     */
    record Cell(int networks, double mean, double error, double best) {

        static Cell of(List<Double> means, double best) {
            double[] values = means.stream().mapToDouble(Double::doubleValue).toArray();
            return new Cell(values.length, Statistics.mean(values), Statistics.standardError(values), best);
        }

        String text() {
            return String.format(Locale.ROOT, "%.1f ± %.1f (%.1f)", PERCENT * mean, PERCENT * error, PERCENT * best);
        }
    }

    static PredictionTable of(PredictionFacts facts) {
        List<Line> lines = new ArrayList<>();
        lines.add(drawn(facts, PredictionDescent.DRAWN, 0));
        for (int epochs : PredictionSettings.EPOCHS) {
            String label = "SGD, " + epochs + (epochs == 1 ? " epoch" : " epochs");
            lines.add(drawn(facts, label, facts.settings().epochSteps(epochs, facts.trainingImages())));
        }
        for (PredictionArm arm : PredictionArm.values()) {
            long[] seeds = facts.judgedSeeds(arm);
            List<Entry> entries = facts.predicted(arm).stream()
                    .filter(entry -> Arrays.stream(seeds).anyMatch(seed -> seed == entry.seed()))
                    .toList();
            lines.add(new Line(arm.label(), seeds.length, cells(entries, 0)));
        }
        return new PredictionTable(
                lines.stream().filter(line -> !line.splits.isEmpty()).toList());
    }

    private static Line drawn(PredictionFacts facts, String label, int steps) {
        return new Line(label, 1, cells(facts.descents(PredictionLog.DRAWN), steps));
    }

    private static Map<String, Cell> cells(List<Entry> entries, int steps) {
        Map<String, Cell> cells = new LinkedHashMap<>();
        for (ArchitectureSplit split : SPLITS) {
            Map<String, List<Double>> accuracies = new LinkedHashMap<>(); // by network
            entries.stream()
                    .filter(entry -> entry.split().equals(split.text()))
                    .forEach(entry -> point(entry, steps)
                            .forEach(point -> accuracies
                                    .computeIfAbsent(entry.network(), network -> new ArrayList<>())
                                    .add(point.accuracy())));
            if (!accuracies.isEmpty()) {
                List<Double> means =
                        accuracies.values().stream().map(PredictionTable::mean).toList();
                double best = accuracies.values().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Double::doubleValue)
                        .max()
                        .orElseThrow();
                cells.put(split.text(), Cell.of(means, best));
            }
        }
        return cells;
    }

    private static Stream<Point> point(Entry entry, int steps) {
        return entry.points().stream().filter(point -> point.steps() == steps);
    }

    private static double mean(List<Double> values) {
        return Statistics.mean(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Returns the lines for a terminal. */
    static Table text(List<Line> lines) {
        Table table = new Table(header());
        lines.forEach(line -> table.row(row(line)));
        return table;
    }

    static String[] header() {
        return Stream.concat(Stream.of("parameters", "seeds"), SPLITS.stream().map(ArchitectureSplit::text))
                .toArray(String[]::new);
    }

    static Object[] row(Line line) {
        List<Object> row = new ArrayList<>(List.of(line.source, line.seeds));
        row.addAll(SPLITS.stream()
                .map(split -> line.splits.containsKey(split.text())
                        ? line.splits.get(split.text()).text()
                        : "-")
                .collect(Collectors.toList()));
        return row.toArray();
    }
}
