package dev.weft.cli.results;

import dev.weft.cli.report.Durations;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.cli.zoo.FitLog;
import dev.weft.metanets.task.Provenance;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The page of a table of results in Markdown. All of it comes from the zoo and the run directories, and nothing from the
 * clock, so a page that is made again is the same text.
 */
final class ResultsPage {

    private static final String INTRODUCTION = """
            # Which class does an implicit network show?

            Metanetworks read the parameters of a small sine network (%s) that was fitted to an image, and say which of %d
            classes the image belongs to. Every figure on this page was measured by the commands at its end. None of them is a
            published figure or claims to reproduce one: papers train on more networks and for more epochs.
            """;

    private static final String READING = """

            Mean ± standard deviation over the seeds %s. The epoch with the best validation accuracy is kept, and the test
            split is looked at once for each run, behind its training. Seconds an epoch are the median over all epochs,
            validation included; all times are wall times of the machine as it was, whatever else it did. Always naming the
            commonest class of the test split is right for %s. %s

            """;

    private final ZooFacts zoo;
    private final List<ModelResult> models;
    private final List<String> pictures;

    /**
     * @param models at least one
     * @param pictures names of files beside the page
     */
    ResultsPage(ZooFacts zoo, List<ModelResult> models, List<String> pictures) {
        this.zoo = zoo;
        this.models = List.copyOf(models);
        this.pictures = List.copyOf(pictures);
    }

    String text() {
        return String.join(
                "\n",
                format(
                        INTRODUCTION,
                        zoo.header().architecture(),
                        zoo.header().classes().size()),
                "## Results\n",
                results(),
                pictures.stream()
                        .map(name -> "![" + name.replaceFirst("\\.png$", "").replace('-', ' ') + "](" + name + ")\n")
                        .collect(Collectors.joining("\n")),
                "## Data\n",
                DataSection.text(zoo),
                "## Training\n",
                TrainingSection.text(models),
                "## Commands\n",
                commands(),
                "## Machine\n",
                distinct(ResultsPage::machine).collect(Collectors.joining("\n")) + "\n");
    }

    private String results() {
        MarkdownTable table = new MarkdownTable(
                Align.RIGHT, "model", "test accuracy", "validation accuracy", "s/epoch", "training of all seeds");
        MarkdownTable runs = new MarkdownTable(Align.RIGHT, "model", "seed", "test", "validation", "best epoch");
        for (ModelResult model : models) {
            table.row(
                    model.label(),
                    model.test().text(),
                    model.validation().text(),
                    format("%.2f", model.secondsPerEpoch()),
                    Durations.text(model.totalSeconds()));
            for (ModelResult.SeedRun run : model.runs()) {
                runs.row(
                        model.label(),
                        run.config().provenance().seed(),
                        percent(run.testAccuracy()),
                        percent(run.result().validationAccuracy()),
                        run.result().bestEpoch() + " of " + run.result().epochs());
            }
        }
        String seeds = distinct(from -> String.valueOf(from.seed())).collect(Collectors.joining(", "));
        return table + format(READING, seeds, percent(zoo.commonest()), ranking()) + runs;
    }

    /** Says which model is the best, and by how much. */
    private String ranking() {
        List<ModelResult> ranked = models.stream()
                .sorted(Comparator.comparingDouble(
                        (ModelResult model) -> -model.test().mean()))
                .toList();
        ModelResult best = ranked.get(0);
        return ranked.stream()
                .skip(1)
                .map(model -> format(
                        "%s by %.1f",
                        model.label(), 100 * (best.test().mean() - model.test().mean())))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(", "),
                        others -> others.isEmpty()
                                ? ""
                                : "By mean test accuracy " + best.label() + " is ahead of (in points): " + others
                                        + "."));
    }

    private String commands() {
        Stream<String> fits = zoo.log().stream().map(FitLog.Entry::command).distinct();
        return Stream.concat(fits, distinct(Provenance::command))
                .map(command -> command + "\n")
                .collect(Collectors.joining("", "```sh\n", "```\n"));
    }

    private static String machine(Provenance from) {
        return format("Training: %s, Java %s, Weft %s.", from.os(), from.java(), from.weft());
    }

    /** Returns what the runs' provenances say, each text once. */
    private Stream<String> distinct(Function<Provenance, String> text) {
        return models.stream()
                .flatMap(model -> model.runs().stream())
                .map(run -> text.apply(run.config().provenance()))
                .distinct();
    }

    static String percent(double share) {
        return format("%.1f %%", 100 * share);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
