package dev.weft.cli.results;

import dev.weft.cli.report.Durations;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.cli.report.Statistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * The page of {@code weft results nowcasting}.
 *
 * @param protocol what was done, in words
 * @param data what the task says about itself
 * @param command that wrote the page
 * @param entries of all optimizers and seeds
 */
record NowcastingPage(String protocol, Map<String, String> data, String command, List<StepsLog.Entry> entries) {

    String text() {
        return "# Steps to a test accuracy\n\n"
                + "How many steps training takes until a network has an accuracy on the test images; fewer is better. "
                + "A training that does not reach it counts with all its steps.\n\n"
                + summary() + "\n"
                + "Mean and standard deviation over the seeds. " + protocol + ".\n\n"
                + "## Seed by seed\n\n"
                + seeds() + "\n"
                + "## Data\n\n"
                + data.get("source") + " (" + data.get("source.licence") + "), " + data.get("source.digest")
                + "; pixels less " + data.get("images.mean") + ", divided by " + data.get("images.deviation")
                + "; share of the training images held out: " + data.get("images.held_out") + ".\n\n"
                + "## Command\n\n```sh\n" + command + "\n```\n";
    }

    private List<String> optimizers() {
        return entries.stream().map(StepsLog.Entry::optimizer).distinct().toList();
    }

    private List<StepsLog.Entry> of(String optimizer) {
        return entries.stream()
                .filter(entry -> entry.optimizer().equals(optimizer))
                .toList();
    }

    private MarkdownTable summary() {
        MarkdownTable table = new MarkdownTable(Align.RIGHT, "optimizer", "seeds", "reached", "steps", "time a seed");
        for (String optimizer : optimizers()) {
            List<StepsLog.Entry> runs = of(optimizer);
            double[] steps = runs.stream().mapToDouble(StepsLog.Entry::steps).toArray();
            double[] seconds =
                    runs.stream().mapToDouble(StepsLog.Entry::seconds).toArray();
            table.row(
                    optimizer,
                    runs.size(),
                    runs.stream().filter(StepsLog.Entry::reached).count(),
                    spread(steps),
                    Durations.text(Statistics.mean(seconds)));
        }
        return table;
    }

    static String spread(double... steps) {
        String mean = String.format(Locale.ROOT, "%,.0f", Statistics.mean(steps));
        return steps.length < 2 ? mean : String.format(Locale.ROOT, "%s ± %,.0f", mean, Statistics.deviation(steps));
    }

    private MarkdownTable seeds() {
        List<String> header = new ArrayList<>(List.of("seed"));
        header.addAll(optimizers());
        MarkdownTable table = new MarkdownTable(Align.RIGHT, header.toArray(String[]::new));
        for (long seed :
                new TreeSet<>(entries.stream().map(StepsLog.Entry::seed).toList())) {
            List<Object> row = new ArrayList<>(List.of(seed));
            for (String optimizer : optimizers()) {
                row.add(of(optimizer).stream()
                        .filter(entry -> entry.seed() == seed)
                        .map(NowcastingPage::cell)
                        .findFirst()
                        .orElse("-"));
            }
            table.row(row.toArray());
        }
        return table;
    }

    private static String cell(StepsLog.Entry entry) {
        return entry.reached()
                ? String.format(Locale.ROOT, "%,d", entry.steps())
                : String.format(Locale.ROOT, "%.2f %% after %,d", 100 * entry.accuracy(), entry.steps());
    }
}
