package dev.weft.cli.results;

import dev.weft.cli.ghn.GhnSettings;
import dev.weft.cli.report.Durations;
import dev.weft.cli.report.Json;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.cli.report.Statistics;
import dev.weft.cli.results.PredictionFacts.Run;
import dev.weft.cli.results.PredictionLog.Entry;
import dev.weft.cli.results.PredictionLog.Kind;
import dev.weft.cli.results.PredictionLog.Point;
import dev.weft.hypernets.ghn.GhnTraining;
import dev.weft.hypernets.ghn.PredictedAccuracy;
import dev.weft.hypernets.ghn.Propagation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The page of {@code weft results parameter-prediction}. All of it comes from the experiment's folder. */
final class PredictionPage {

    private static final double PERCENT = 100;

    private static final String INTRODUCTION = """
            # Parameters predicted for networks that were never trained

            A graph hypernetwork reads the graph of an architecture and writes all parameters of a network in one pass. It is
            trained on small architectures by the loss of the networks that it writes, and judged here on architectures that it
            has not seen. Every figure on this page was measured by the command at its end; none is a published one. Published
            hypernetworks are larger, see CIFAR-10 and a million architectures, and train for days on graphics cards.
            """;

    private static final String READING = """

            Accuracy on %,d test images in percent: mean over the networks ± its standard error (best network). A
            hypernetwork's figure for a network is the mean over its seeds; seeds count once all their networks have been
            judged. Batch norms take the moments of the batch, %d images, as in the published figures. Rows of gradient descent
            (SGD) are of the first %d networks of each split, from one draw. A network whose loss is not finite counts as
            guessing from there on, everywhere on this page: %d of the %,d predictions, and %d of the %,d descents.

            """;

    private final PredictionFacts facts;
    private final List<String> pictures;
    private final String command;

    /**
     * @param pictures names of files beside the page
     * @param command that wrote it
     */
    PredictionPage(PredictionFacts facts, List<String> pictures, String command) {
        this.facts = facts;
        this.pictures = List.copyOf(pictures);
        this.command = command;
    }

    String text() {
        PredictionTable table = PredictionTable.of(facts);
        return String.join(
                "\n",
                INTRODUCTION,
                "## Results\n",
                state() + results(table) + reading() + new PredictionReading(facts, table).text(),
                pictures("training"),
                "## Training\n",
                training(),
                "## From predicted parameters onwards\n",
                descent(),
                pictures("descent"),
                "## Protocol\n",
                protocol() + ablations(),
                "## Command\n",
                "```sh\n" + command + "\n```\n",
                machines());
    }

    private String machines() {
        return facts.runs().stream()
                .map(Run::provenance)
                .map(from -> format("Trained on %s, Java %s, Weft %s.%n", from.os(), from.java(), from.weft()))
                .distinct()
                .collect(Collectors.joining("\n"));
    }

    private String reading() {
        return format(
                READING,
                facts.testImages(),
                PredictedAccuracy.BATCH,
                facts.settings().compared(),
                diverged(Kind.PREDICTED),
                noted(Kind.PREDICTED).count(),
                diverged(Kind.DESCENT),
                noted(Kind.DESCENT).count());
    }

    private Stream<Entry> noted(Kind kind) {
        return facts.entries().stream().filter(entry -> entry.kind() == kind);
    }

    private long diverged(Kind kind) {
        return noted(kind).filter(Entry::diverged).count();
    }

    /** Says what is missing, if anything is. */
    private String state() {
        long done = PredictionArm.published().stream()
                .mapToLong(arm -> facts.judgedSeeds(arm).length)
                .sum();
        long all = (long) PredictionArm.published().size() * facts.seeds().size();
        return done == all
                ? ""
                : format("**Unfinished:** %d of %d hypernetworks have been trained and judged.%n%n", done, all);
    }

    private String pictures(String subject) {
        return pictures.stream()
                .filter(name -> name.endsWith(subject + ".png"))
                .map(name -> "![" + subject + "](" + name + ")\n")
                .collect(Collectors.joining());
    }

    private static MarkdownTable results(PredictionTable table) {
        MarkdownTable text = new MarkdownTable(Align.RIGHT, PredictionTable.header());
        table.lines().forEach(line -> text.row(PredictionTable.row(line)));
        return text;
    }

    private String training() {
        MarkdownTable table = new MarkdownTable(
                Align.RIGHT,
                "hypernetwork",
                "seed",
                "steps",
                "processor time",
                "ms a step",
                "validation accuracy",
                "validation loss",
                "test accuracy");
        for (Run run : facts.runs()) {
            if (!run.rounds().isEmpty()) {
                PredictionFacts.Round last = run.rounds().get(run.rounds().size() - 1);
                table.row(
                        run.arm().label(),
                        run.seed(),
                        format("%,d%s", last.steps(), run.finished() ? "" : " so far"),
                        Durations.text(run.cpuSeconds()),
                        format("%.0f", 1000 * run.cpuSeconds() / last.steps()),
                        format("%.1f", PERCENT * last.accuracy()),
                        format("%.3f", last.loss()),
                        testAccuracy(run));
            }
        }
        return table
                + "\nProcessor time is that of all steps, without the looks at the validation networks, with whatever else"
                + " the machine did. Validation figures are of the last round; the round with the best validation accuracy is the"
                + " one that is judged.\n\n" + seconds();
    }

    private String testAccuracy(Run run) {
        OptionalDouble accuracy = facts.testAccuracy(run.arm(), run.seed());
        return accuracy.isEmpty() ? "-" : format("%.1f", PERCENT * accuracy.getAsDouble());
    }

    /** Says what one prediction costs. */
    private String seconds() {
        String each = PredictionArm.published().stream()
                .filter(arm -> !facts.predicted(arm).isEmpty())
                .map(arm -> arm.label() + " "
                        + format(
                                "%.1f ms",
                                1000
                                        * Statistics.quantile(
                                                0.5,
                                                facts.predicted(arm).stream()
                                                        .mapToDouble(Entry::seconds)
                                                        .toArray())))
                .collect(Collectors.joining(", "));
        return each.isEmpty()
                ? ""
                : "To predict a network, its graph included, takes this much processor time of the thread that asks in the median: "
                        + each + ".\n";
    }

    private String descent() {
        List<PredictionDescent> all = PredictionDescent.all(facts);
        if (all.isEmpty()) {
            return "Not measured yet.\n";
        }
        List<Integer> steps = all.get(0).steps();
        String[] header = header(steps, "start", "networks", "diverged");
        MarkdownTable table = new MarkdownTable(Align.RIGHT, header);
        for (PredictionDescent each : all) {
            Object[] row = new Object[header.length];
            row[0] = each.label();
            row[1] = each.entries().size();
            row[2] = each.diverged();
            for (int i = 0; i < steps.size(); i++) {
                row[i + 3] = format(
                        "%.1f ± %.1f (%.2f)",
                        PERCENT * each.mean(steps.get(i), Point::accuracy),
                        PERCENT * each.error(steps.get(i), Point::accuracy),
                        each.mean(steps.get(i), Point::loss));
            }
            table.row(row);
        }
        return "Test networks trained by gradient descent from a drawn start and from what each hypernetwork of seed 0 wrote:"
                + " mean test accuracy in percent ± its standard error over the networks (mean test loss).\n\n" + table
                + ahead(all, steps);
    }

    private static String[] header(List<Integer> steps, String... first) {
        return Stream.concat(Arrays.stream(first), steps.stream().map(step -> "step " + step))
                .toArray(String[]::new);
    }

    /** Compares network by network, since few networks that hardly train from a drawn start can make a mean. */
    private static String ahead(List<PredictionDescent> all, List<Integer> steps) {
        PredictionDescent drawn = all.get(0);
        if (all.size() == 1 || !drawn.label().equals(PredictionDescent.DRAWN)) {
            return "";
        }
        MarkdownTable table = new MarkdownTable(Align.RIGHT, header(steps, "start", "gain ends"));
        for (PredictionDescent each : all.subList(1, all.size())) {
            Object[] row = new Object[steps.size() + 2];
            row[0] = each.label();
            row[1] = "-";
            for (int i = steps.size() - 1; i >= 0; i--) {
                double[] ahead = each.ahead(drawn, steps.get(i));
                double median = Statistics.quantile(0.5, ahead);
                long better = Arrays.stream(ahead).filter(value -> value > 0).count();
                row[i + 2] = format("%d of %d (%+.1f)", better, ahead.length, PERCENT * median);
                row[1] = median > 0 ? row[1] : "by step " + steps.get(i);
            }
            table.row(row);
        }
        return "\nNetwork by network against its own drawn start: how many were ahead, and by how many percentage points the median"
                + " network was. Where the two tables differ, few networks that hardly train from a drawn start make the"
                + " means. The gain ends where the median network is no longer ahead.\n\n" + table;
    }

    private String protocol() {
        PredictionSettings own = facts.settings();
        GhnSettings model = PredictionArm.GHN_2.settings(own);
        return format(
                "Images: %s (%s), %d x %d pixels, three channels, mean 0 and variance 1 over %,d training images; the split is"
                        + " drawn from seed %d. Architectures of the space %s (SHA-256 %s): %d to train on, %d for"
                        + " validation, %d for testing, and %d of each other split (more channels, more cells, more steps a"
                        + " cell, no norms), no two of them with the same graph. Hypernetworks: width %d, %d channels,"
                        + " kernels up to %d, %,d steps on %d images and %d networks (GHN-1: %d), learning rate"
                        + " %s, a tenth of it from %.0f %% of the steps and a hundredth from %.0f %%, gradient norm at most %s;"
                        + " every %d steps a look at the validation networks. Gradient descent: `%s`, %d steps.%n",
                facts.data().images(),
                facts.data().imageDigest(),
                own.size(),
                own.size(),
                facts.trainingImages(),
                facts.data().imageSeed(),
                facts.data().space(),
                facts.data().digest(),
                own.train(),
                own.val(),
                own.test(),
                own.other(),
                model.hidden(),
                model.channels(),
                model.kernel(),
                own.steps(),
                own.images(),
                own.networks(),
                PredictionArm.GHN_1.settings(own).training().networks(),
                model.training().learningRate(),
                PERCENT * GhnTraining.FIRST_DROP,
                PERCENT * GhnTraining.SECOND_DROP,
                model.training().clipNorm(),
                own.stepsPerRound(),
                Json.line(own.descent().provenance()),
                own.descentSteps());
    }

    /** Says what the ablations are, if there are any. */
    private String ablations() {
        return facts.runs().stream().allMatch(run -> run.arm().isPublished())
                ? ""
                : format(
                        "%nAblations: a meta-batch is %d networks, and one without it; virtual edges join nodes up to %d steps"
                                + " apart; normalisation scales predicted tensors by their fan-in and bounds norms and biases."
                                + " They were asked for by --arms in calls of their own, and are not trained on from what"
                                + " they wrote.%n",
                        facts.settings().networks(), Propagation.CUTOFF);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
    }
}
