package dev.weft.cli.results;

import static dev.weft.cli.results.ResultsPage.format;

import dev.weft.cli.report.Durations;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.cli.zoo.FitLog;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** What a page of results tells about the images and the networks that were fitted to them. */
final class DataSection {

    private static final String RECIPE = "recipe.";

    private DataSection() {}

    static String text(ZooFacts zoo) {
        MarkdownTable table = new MarkdownTable(Align.LEFT, "what", "value");
        images(table, zoo);
        networks(table, zoo);
        if (!zoo.log().isEmpty()) {
            fitting(table, zoo.log());
        }
        return table.toString();
    }

    private static void images(MarkdownTable table, ZooFacts zoo) {
        table.row("images", zoo.told("source"));
        table.row("licence", zoo.told("source.licence") + "; " + zoo.told("source.attribution"));
        table.row("digest", "`" + zoo.told("source.digest") + "`");
        table.row(
                "size",
                zoo.told("image.height") + " x " + zoo.told("image.width") + " x " + zoo.told("image.channels"));
    }

    private static void networks(MarkdownTable table, ZooFacts zoo) {
        table.row(
                "networks",
                format("%,d for training, %,d for validation, %,d for testing", zoo.train(), zoo.val(), zoo.test()));
        table.row(
                "architecture",
                format(
                        "%s, %,d parameters",
                        zoo.header().architecture(), zoo.header().architecture().parameterCount()));
        table.row("start", zoo.told("init"));
        table.row("seed", zoo.told("seed"));
        table.row("recipe", recipe(zoo));
        table.row("fitter", zoo.told("fitter"));
        table.row("steps", format("median %,.0f", zoo.stepsMedian()));
        table.row("PSNR", format("median %.2f dB, 5th percentile %.2f dB", zoo.psnrMedian(), zoo.psnrFifth()));
    }

    private static String recipe(ZooFacts zoo) {
        return zoo.header().provenance().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(RECIPE))
                .map(entry -> entry.getKey().substring(RECIPE.length()) + " " + entry.getValue())
                .collect(Collectors.joining("; "));
    }

    private static void fitting(MarkdownTable table, List<FitLog.Entry> log) {
        int networks = log.stream().mapToInt(FitLog.Entry::networks).sum();
        double seconds = log.stream().mapToDouble(FitLog.Entry::seconds).sum();
        FitLog.Entry last = log.get(log.size() - 1);
        table.row(
                "fitting",
                format(
                        "%s for %,d networks, %.1f a second, on %d processors, Java %s, Weft %s",
                        Durations.text(seconds),
                        networks,
                        networks / seconds,
                        last.processors(),
                        last.java(),
                        last.weft()));
        log.stream()
                .max(Comparator.comparingDouble(FitLog.Entry::residentPeak))
                .filter(entry -> entry.residentPeak() > 0)
                .ifPresent(entry -> table.row(
                        "memory of fitting",
                        format(
                                "at most %.0f MiB resident, %.0f MiB of them before the first image",
                                entry.residentPeak(), entry.residentBefore())));
    }
}
