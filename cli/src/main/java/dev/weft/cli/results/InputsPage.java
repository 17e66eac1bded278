package dev.weft.cli.results;

import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.report.Durations;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.cli.report.Statistics;
import dev.weft.hypernets.DropoutExperiment;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The page of {@code weft results hypernetwork-inputs}.
 *
 * @param log of all trainings
 * @param seeds of each form
 * @param experiment what was trained
 * @param images their name and digest
 * @param command that wrote the page
 */
record InputsPage(InputsLog log, int seeds, DropoutExperiment experiment, String images, String command) {

    private static final double LOSS = 0.25; // low enough to tell the forms apart

    private static final String INTRODUCTION = """
            # Magnitude invariant hypernetworks

            A hypernetwork writes an MLP for a condition between 0 and 1, here how much dropout the MLP is trained with. A plain
            one writes parameters whose size is proportional to the condition when training starts, so the scale of activations
            and gradients changes from step to step. The magnitude invariant parametrisation (MIP; Ortiz, Guttag and Dalca 2023)
            has two parts: the condition goes in as (cos, sin) of a quarter turn, whose norm is always 1, and what is written is
            added to parameters of their own. Every figure on this page was measured by the command at its end.
            """;

    private static final String READING = """

            Mean ± standard deviation over %d seeds, which decide start, conditions, batches and dropout. Before training: the
            correlation of the norm of the first written weight with the condition, and its deviation over its mean, on 100
            conditions; where the norm hardly varies the correlation says nothing. Gradient's variation: deviation over mean of
            the gradient's norm over all steps. Losses: cross-entropy on %d validation images without dropout, mean over five
            conditions, every %d steps; the best one is picked from these. Who does not come to %s counts with all %,d steps.

            """;

    /** Writes the page, and its picture beside it; returns the names of the pictures. */
    List<String> write(Path page) throws IOException {
        PageFiles files = new PageFiles(page);
        files.picture("losses", this::picture);
        files.text(text(files.pictures()));
        return files.pictures();
    }

    private String text(List<String> pictures) {
        StringBuilder text = new StringBuilder(INTRODUCTION).append("\n## Results\n\n");
        text.append(results());
        text.append(format(
                READING, seeds, experiment.validation().size(), DropoutExperiment.LOOK, LOSS, experiment.steps()));
        text.append(reading()).append('\n');
        pictures.forEach(name ->
                text.append("![Validation loss over the steps](").append(name).append(")\n\n"));
        return text.append("## Seed by seed\n\n")
                .append(each())
                .append("\n## Protocol\n\n")
                .append(protocol())
                .append("\n## Command\n\n```sh\n" + command + "\n```\n")
                .toString();
    }

    private MarkdownTable results() {
        MarkdownTable table = new MarkdownTable(
                Align.RIGHT,
                "hypernetwork",
                "norm ~ condition",
                "norm's variation",
                "gradient's variation",
                "best loss",
                "last loss",
                "steps to " + LOSS);
        for (InputsForm form : InputsForm.values()) {
            table.row(
                    form.label(),
                    spread("%.3f", form, DropoutExperiment.Outcome::proportionality),
                    spread("%.3f", form, DropoutExperiment.Outcome::variation),
                    spread("%.2f", form, DropoutExperiment.Outcome::gradientVariation),
                    spread("%.3f", form, DropoutExperiment.Outcome::best),
                    spread("%.3f", form, InputsPage::last),
                    spread("%,.0f", form, this::stepsToLoss));
        }
        return table;
    }

    private double[] figures(InputsForm form, ToDoubleFunction<DropoutExperiment.Outcome> figure) {
        return log.of(form, seeds).stream()
                .map(InputsLog.Entry::outcome)
                .mapToDouble(figure)
                .toArray();
    }

    private String spread(String format, InputsForm form, ToDoubleFunction<DropoutExperiment.Outcome> figure) {
        return NowcastingPage.spread(format, figures(form, figure));
    }

    private static double last(DropoutExperiment.Outcome outcome) {
        return outcome.losses().get(outcome.losses().size() - 1);
    }

    private double stepsToLoss(DropoutExperiment.Outcome outcome) {
        List<Double> losses = outcome.losses();
        return IntStream.range(0, losses.size())
                .filter(look -> losses.get(look) <= LOSS)
                .mapToObj(look -> (look + 1) * DropoutExperiment.LOOK)
                .findFirst()
                .orElse(experiment.steps());
    }

    /** Says in which seeds each form is ahead of the plain one. */
    private String reading() {
        StringBuilder text = new StringBuilder();
        for (InputsForm form : InputsForm.values()) {
            if (form != InputsForm.PLAIN) {
                text.append(format(
                        "- %s against plain: gradients vary less in %d of %d seeds, the best loss is less in %d, the last in"
                                + " %d.%n",
                        form.label(),
                        wins(form, DropoutExperiment.Outcome::gradientVariation),
                        seeds,
                        wins(form, DropoutExperiment.Outcome::best),
                        wins(form, InputsPage::last)));
            }
        }
        return text.append(format("%n%d seeds cannot rank forms whose spreads overlap.%n", seeds))
                .toString();
    }

    /** Counts the seeds in which a form has less of a figure than the plain one. */
    private long wins(InputsForm form, ToDoubleFunction<DropoutExperiment.Outcome> figure) {
        double[] own = figures(form, figure);
        double[] plain = figures(InputsForm.PLAIN, figure);
        return IntStream.range(0, seeds).filter(seed -> own[seed] < plain[seed]).count();
    }

    private MarkdownTable each() {
        MarkdownTable table = new MarkdownTable(
                Align.RIGHT, "hypernetwork", "seed", "gradient's variation", "best loss", "last loss", "time");
        for (InputsForm form : InputsForm.values()) {
            for (InputsLog.Entry entry : log.of(form, seeds)) {
                table.row(
                        form.label(),
                        entry.seed(),
                        format("%.3f", entry.outcome().gradientVariation()),
                        format("%.3f", entry.outcome().best()),
                        format("%.3f", last(entry.outcome())),
                        Durations.text(entry.seconds()));
            }
        }
        return table;
    }

    private String protocol() {
        return format(
                "Images: %s, %,d to learn from, %,d to be judged on. Written network: an MLP with two hidden layers of %d and"
                        + " dropout of %s times the condition behind both. Hypernetwork: %s with leaky ReLUs, P written"
                        + " values. %,d steps of Adam, rate %s, on %d images and one condition each, drawn uniformly. Times are"
                        + " by the clock, with whatever else the machine did.%n",
                images,
                experiment.training().size(),
                experiment.validation().size(),
                DropoutExperiment.HIDDEN,
                DropoutExperiment.MOST_DROPOUT,
                InputsForm.widths(),
                experiment.steps(),
                DropoutExperiment.LEARNING_RATE,
                DropoutExperiment.BATCH);
    }

    /** Mean loss of each form over the steps. */
    private BufferedImage picture() {
        double[] looks = IntStream.rangeClosed(1, experiment.steps() / DropoutExperiment.LOOK)
                .mapToDouble(look -> look * DropoutExperiment.LOOK)
                .toArray();
        List<CurvePlot.Series> lines = Arrays.stream(InputsForm.values())
                .map(form -> new CurvePlot.Series(form.label(), looks, losses(form)))
                .toList();
        return CurvePlot.draw(List.of(new CurvePlot.Panel("Validation loss, mean of the seeds", "step", lines)));
    }

    private double[] losses(InputsForm form) {
        return IntStream.range(0, experiment.steps() / DropoutExperiment.LOOK)
                .mapToDouble(look -> Statistics.mean(
                        figures(form, outcome -> outcome.losses().get(look))))
                .toArray();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format.replace("%n", "\n"), values);
    }
}
