package dev.weft.cli.results;

import dev.weft.cli.results.PredictionFacts.Round;
import dev.weft.cli.results.PredictionFacts.Run;
import dev.weft.cli.results.PredictionTable.Cell;
import dev.weft.cli.results.PredictionTable.Line;
import dev.weft.datasets.architecture.ArchitectureSplit;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the figures of the page of parameter prediction say of the published order MLP, GHN-1, GHN-2 (Knyazev et al. 2021), in
 * sentences that are made from the figures.
 */
final class PredictionReading {

    private static final double PERCENT = 100;
    private static final double LAST = 2.0 / 3; // of the steps, where the learning rate has not fallen yet

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
        return "On the test split the order is "
                + ranked.stream()
                        .map(line -> PredictionPage.format("%s %.1f", line.source(), PERCENT * mean(line)))
                        .collect(Collectors.joining(" < "))
                + ". The published order on CIFAR-10 is MLP 42.2 < GHN-1 51.4 < GHN-2 66.9. " + verdict(ranked) + "\n"
                + progress() + equalTime();
    }

    private static @Nullable PredictionArm arm(Line line) {
        return Arrays.stream(PredictionArm.values())
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

    private static String verdict(List<Line> ranked) {
        List<PredictionArm> order = ranked.stream()
                .map(PredictionReading::arm)
                .filter(arm -> arm != null)
                .toList();
        if (order.size() < PredictionArm.values().length) {
            return "Hypernetworks that are not judged yet are left out.";
        }
        int mlp = order.indexOf(PredictionArm.MLP);
        int first = order.indexOf(PredictionArm.GHN_1);
        int later = Math.max(order.indexOf(PredictionArm.GHN_2), order.indexOf(PredictionArm.GHN_3));
        return mlp < first && first < later
                ? "The order MLP < GHN-1 < GHN-2 or GHN-3 is shown."
                : "The order MLP < GHN-1 < GHN-2 or GHN-3 is **not** shown at this budget.";
    }

    /** Says how far training was from its end when the learning rate fell. */
    private String progress() {
        String falls = Arrays.stream(PredictionArm.values())
                .map(arm -> facts.runsOf(arm).stream()
                        .filter(Run::finished)
                        .findFirst()
                        .map(this::fall)
                        .orElse(""))
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(", "));
        return falls.isEmpty()
                ? ""
                : "\nMean validation loss at a third of the steps, at two thirds (where the learning rate falls), and at the"
                        + " end, seed 0: " + falls + ".\n";
    }

    private String fall(Run run) {
        int steps = facts.settings().steps();
        return PredictionPage.format(
                "%s %.3f, %.3f, %.3f",
                run.arm().label(), lossAt(run, steps / 3.0), lossAt(run, LAST * steps), lossAt(run, steps));
    }

    private static double lossAt(Run run, double steps) {
        return run.rounds().stream()
                .filter(round -> round.steps() <= steps)
                .reduce((before, after) -> after)
                .map(Round::loss)
                .orElse(Double.NaN);
    }

    /** Compares the hypernetworks at the processor time that the quickest of them took. */
    private String equalTime() {
        List<Run> runs = facts.runs().stream()
                .filter(run -> run.seed() == 0 && run.finished())
                .toList();
        OptionalDouble least = runs.stream().mapToDouble(Run::cpuSeconds).min();
        if (runs.size() < 2 || least.isEmpty()) {
            return "";
        }
        return PredictionPage.format(
                        "\nAfter the %.0f processor seconds of the quickest, the validation accuracy of seed 0 was: ",
                        least.getAsDouble())
                + runs.stream().map(run -> at(run, least.getAsDouble())).collect(Collectors.joining(", "))
                + ".\n";
    }

    /** Names the last look within some processor time; the learning rate falls with the steps, so they belong to it. */
    private static String at(Run run, double seconds) {
        return run.rounds().stream()
                .filter(round -> round.cpuSeconds() <= seconds)
                .reduce((before, after) -> after)
                .map(round -> PredictionPage.format(
                        "%s %.1f (%,d steps)", run.arm().label(), PERCENT * round.accuracy(), round.steps()))
                .orElse(run.arm().label() + " no look yet");
    }
}
