package dev.weft.cli.results;

import dev.weft.cli.report.Statistics;
import dev.weft.cli.results.PredictionFacts.Round;
import dev.weft.cli.results.PredictionFacts.Run;
import dev.weft.cli.results.PredictionTable.Cell;
import dev.weft.cli.results.PredictionTable.Line;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.hypernets.ghn.GhnTraining;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the figures of the page of parameter prediction say of the published order MLP, GHN-1, GHN-2 (Knyazev et al. 2021), in
 * sentences that are made from the figures.
 */
final class PredictionReading {

    private static final double PERCENT = 100;

    private final PredictionFacts facts;
    private final PredictionTable table;

    PredictionReading(PredictionFacts facts, PredictionTable table) {
        this.facts = facts;
        this.table = table;
    }

    String text() {
        List<Line> ranked = table.lines().stream()
                .filter(line -> arm(line) != null && test(line) != null)
                .sorted(Comparator.comparingDouble(PredictionReading::mean))
                .toList();
        if (ranked.size() < 2) {
            return "";
        }
        return "At equal steps the order on the test split is "
                + ranked.stream()
                        .map(line -> PredictionPage.format("%s %.1f", line.source(), PERCENT * mean(line)))
                        .collect(Collectors.joining(" < "))
                + ". The published order on CIFAR-10 is MLP 42.2 < GHN-1 51.4 < GHN-2 66.9. " + verdict(ranked) + "\n"
                + seeds() + equalTime() + progress();
    }

    private static @Nullable PredictionArm arm(Line line) {
        return PredictionArm.published().stream()
                .filter(arm -> arm.label().equals(line.source()))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Cell test(Line line) {
        return line.splits().get(ArchitectureSplit.TEST.text());
    }

    private static double mean(Line line) {
        Cell cell = test(line);
        return cell == null ? Double.NaN : cell.mean();
    }

    private String verdict(List<Line> ranked) {
        if (ranked.size() < PredictionArm.published().size()) {
            return "Hypernetworks that are not judged yet are left out.";
        }
        Map<PredictionArm, Double> means = new EnumMap<>(PredictionArm.class);
        for (PredictionArm arm : PredictionArm.published()) {
            ranked.stream().filter(line -> arm(line) == arm).forEach(line -> means.put(arm, mean(line)));
        }
        long[] seeds = facts.seeds().stream()
                .mapToLong(Long::longValue)
                .filter(seed -> PredictionArm.published().stream().allMatch(arm -> judged(arm, seed)))
                .toArray();
        long agreeing = Arrays.stream(seeds)
                .filter(seed -> published(arm -> facts.testAccuracy(arm, seed).orElseThrow()))
                .count();
        return "The order MLP < GHN-1 < GHN-2 or GHN-3 is "
                + (published(means::get) ? "shown" : "**not** shown")
                + PredictionPage.format(
                        " at this budget; of %d seeds by themselves %d show it.", seeds.length, agreeing);
    }

    /** Says how far the seeds lie apart, which the errors of the table leave out. */
    private String seeds() {
        String ranges = PredictionArm.published().stream()
                .map(this::range)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return ranges.isEmpty()
                ? ""
                : "\nThe errors in the table are over the networks alone. Means of single seeds on the test"
                        + " split, lowest to highest: " + ranges + ".\n";
    }

    private String range(PredictionArm arm) {
        double[] means = facts.seeds().stream()
                .map(seed -> facts.testAccuracy(arm, seed))
                .flatMapToDouble(OptionalDouble::stream)
                .sorted()
                .toArray();
        return means.length < 2
                ? ""
                : PredictionPage.format(
                        "%s %.1f to %.1f", arm.label(), PERCENT * means[0], PERCENT * means[means.length - 1]);
    }

    private boolean judged(PredictionArm arm, long seed) {
        return facts.testAccuracy(arm, seed).isPresent();
    }

    private static boolean published(Function<PredictionArm, Double> accuracy) {
        double later = Math.max(accuracy.apply(PredictionArm.GHN_2), accuracy.apply(PredictionArm.GHN_3));
        double first = accuracy.apply(PredictionArm.GHN_1);
        return accuracy.apply(PredictionArm.MLP) < first && first < later;
    }

    /** Compares the hypernetworks at the processor time that the quickest of them took for all its steps. */
    private String equalTime() {
        Map<PredictionArm, List<Run>> runs = finished();
        OptionalDouble least = runs.values().stream()
                .mapToDouble(each -> mean(each, Run::cpuSeconds))
                .min();
        if (runs.size() < 2 || least.isEmpty()) {
            return "";
        }
        return PredictionPage.format(
                        "\nAt equal processor time, the %.0f seconds that the quickest took for all its steps, the validation"
                                + " networks were right (in percent, mean over the finished seeds): ",
                        least.getAsDouble())
                + runs.entrySet().stream()
                        .map(each -> at(each.getKey(), each.getValue(), least.getAsDouble()))
                        .collect(Collectors.joining(", "))
                + ". The learning rate of those that take longer had not fallen by then, which counts against them.\n";
    }

    private Map<PredictionArm, List<Run>> finished() {
        Map<PredictionArm, List<Run>> runs = new EnumMap<>(PredictionArm.class);
        facts.runs().stream()
                .filter(run -> run.finished() && run.arm().isPublished())
                .forEach(run -> runs.computeIfAbsent(run.arm(), arm -> new ArrayList<>())
                        .add(run));
        return runs;
    }

    private static double mean(List<Run> runs, ToDoubleFunction<Run> figure) {
        return Statistics.mean(runs.stream().mapToDouble(figure).toArray());
    }

    /** Names the last looks within some processor time. */
    private static String at(PredictionArm arm, List<Run> runs, double seconds) {
        List<Round> looks = runs.stream()
                .flatMap(run -> run.rounds().stream()
                        .filter(round -> round.cpuSeconds() <= seconds)
                        .reduce((before, after) -> after)
                        .stream())
                .toList();
        return looks.isEmpty()
                ? arm.label() + " no look yet"
                : PredictionPage.format(
                        "%s %.1f (%,.0f steps)",
                        arm.label(),
                        PERCENT
                                * looks.stream()
                                        .mapToDouble(Round::accuracy)
                                        .average()
                                        .orElseThrow(),
                        looks.stream().mapToDouble(Round::steps).average().orElseThrow());
    }

    /** Says how far training was from its end when the learning rate fell. */
    private String progress() {
        String falls = finished().entrySet().stream()
                .map(each -> PredictionPage.format(
                        "%s %.3f, %.3f, %.3f",
                        each.getKey().label(),
                        lossAt(each.getValue(), GhnTraining.FIRST_DROP / 2),
                        lossAt(each.getValue(), GhnTraining.FIRST_DROP),
                        lossAt(each.getValue(), 1)))
                .collect(Collectors.joining("; "));
        return falls.isEmpty()
                ? ""
                : PredictionPage.format(
                        "\nMean validation loss half the way to the fall of the learning rate, at the fall (%.0f %% of the"
                                + " steps), and at the end: %s.%n",
                        PERCENT * GhnTraining.FIRST_DROP, falls);
    }

    private double lossAt(List<Run> runs, double share) {
        double steps = share * facts.settings().steps();
        return mean(
                runs,
                run -> run.rounds().stream()
                        .filter(round -> round.steps() <= steps)
                        .reduce((before, after) -> after)
                        .map(Round::loss)
                        .orElse(Double.NaN));
    }
}
