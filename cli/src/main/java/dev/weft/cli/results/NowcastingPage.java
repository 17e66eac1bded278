package dev.weft.cli.results;

import dev.weft.cli.report.Durations;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.cli.report.Statistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The page of {@code weft results nowcasting}.
 *
 * @param protocol what was done, in words
 * @param contenders the optimizers, the baseline first
 * @param data what the task says about itself
 * @param command that wrote the page
 * @param entries of all optimizers and seeds
 */
record NowcastingPage(
        String protocol,
        List<Contender> contenders,
        Map<String, String> data,
        String command,
        List<StepsLog.Entry> entries) {

    private static final double PERCENT = 100;

    /** Writes the page, and its pictures beside it. */
    void write(Path page) throws IOException {
        PageFiles files = new PageFiles(page);
        new NowcastingPictures(entries).write(files);
        files.text(text(files.pictures()));
    }

    private String text(List<String> pictures) {
        StringBuilder text = new StringBuilder("# Steps to a test accuracy, with and without nowcasting\n\n"
                + "How many steps training takes until a network has an accuracy on the test images; fewer is better. "
                + "A training that does not reach it counts with all its steps.\n\n"
                + summary() + "\n"
                + "Mean and standard deviation over the seeds, which decide start and mini-batches and are the same for"
                + " all optimizers. Times are by the clock, with whatever else the machine did. ");
        if (contenders.size() > 1) {
            text.append("Fewer steps: of each seed's own ").append(baseline()).append(" run. ");
        }
        text.append(protocol).append(".\n\n");
        for (String picture : pictures) {
            text.append("![")
                    .append(NowcastingPictures.describe(picture))
                    .append("](")
                    .append(picture)
                    .append(")\n\n");
        }
        if (contenders.size() > 1) {
            text.append(
                    "A test at the step of a forecast sees the network right behind it, before any further step.\n\n");
        }
        return text.append("## Optimizers\n\n")
                .append(details())
                .append("\n## Seed by seed\n\n")
                .append(seeds())
                .append("\n## Data\n\n")
                .append(data.get("source") + " (" + data.get("source.licence") + "), " + data.get("source.digest")
                        + "; pixels less " + data.get("images.mean") + ", divided by " + data.get("images.deviation")
                        + "; share of the training images held out: " + data.get("images.held_out"))
                .append(".\n\n## Command\n\n```sh\n" + command + "\n```\n")
                .toString();
    }

    private String baseline() {
        return contenders.get(0).name();
    }

    private List<StepsLog.Entry> of(Contender contender) {
        return entries.stream()
                .filter(entry -> entry.optimizer().equals(contender.name()))
                .toList();
    }

    private String details() {
        StringBuilder list = new StringBuilder();
        for (Contender contender : contenders) {
            list.append("- ")
                    .append(contender.name())
                    .append(": ")
                    .append(contender.detail())
                    .append(".\n");
        }
        return list.toString();
    }

    private MarkdownTable summary() {
        MarkdownTable table =
                new MarkdownTable(Align.RIGHT, "optimizer", "seeds", "reached", "steps", "fewer steps", "time a seed");
        for (Contender contender : contenders) {
            List<StepsLog.Entry> runs = of(contender);
            double[] steps = runs.stream().mapToDouble(StepsLog.Entry::steps).toArray();
            double[] seconds =
                    runs.stream().mapToDouble(StepsLog.Entry::seconds).toArray();
            table.row(
                    contender.name(),
                    runs.size(),
                    runs.stream().filter(StepsLog.Entry::reached).count(),
                    spread("%,.0f", steps),
                    contender.name().equals(baseline()) ? "" : spread("%.1f", savings(runs)) + " %",
                    Durations.text(Statistics.mean(seconds)));
        }
        return table;
    }

    /** Returns by how many percent of the baseline's steps each run took fewer. */
    private double[] savings(List<StepsLog.Entry> runs) {
        return runs.stream()
                .mapToDouble(run -> PERCENT
                        * (1
                                - (double) run.steps()
                                        / find(contenders.get(0), run.seed())
                                                .orElseThrow()
                                                .steps()))
                .toArray();
    }

    private Optional<StepsLog.Entry> find(Contender contender, long seed) {
        return of(contender).stream().filter(entry -> entry.seed() == seed).findFirst();
    }

    /** Returns mean and deviation, each in a format, or the only value. */
    static String spread(String format, double... values) {
        String mean = String.format(Locale.ROOT, format, Statistics.mean(values));
        return values.length < 2
                ? mean
                : mean + " ± " + String.format(Locale.ROOT, format, Statistics.deviation(values));
    }

    private MarkdownTable seeds() {
        List<String> header = new ArrayList<>(List.of("seed"));
        contenders.forEach(contender -> header.add(contender.name()));
        MarkdownTable table = new MarkdownTable(Align.RIGHT, header.toArray(String[]::new));
        for (long seed :
                new TreeSet<>(entries.stream().map(StepsLog.Entry::seed).toList())) {
            List<Object> row = new ArrayList<>(List.of(seed));
            for (Contender contender : contenders) {
                row.add(find(contender, seed).map(NowcastingPage::cell).orElse("-"));
            }
            table.row(row.toArray());
        }
        return table;
    }

    private static String cell(StepsLog.Entry entry) {
        return entry.reached()
                ? String.format(Locale.ROOT, "%,d", entry.steps())
                : String.format(Locale.ROOT, "%.2f %% after %,d", PERCENT * entry.accuracy(), entry.steps());
    }
}
