package dev.weft.cli.results;

import dev.weft.cli.ghn.PropertyPrediction;
import dev.weft.cli.report.Json;
import dev.weft.cli.report.MarkdownTable;
import dev.weft.cli.report.MarkdownTable.Align;
import dev.weft.hypernets.ghn.GhnRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The page of {@code weft results property-prediction}.
 *
 * @param results one for each hypernetwork, on the same networks
 * @param command that wrote the page
 */
record PropertyPage(List<PropertyPrediction> results, String command) {

    private static final double PERCENT = 100;

    private static final String INTRODUCTION = """
            # Ranking networks without training them

            How well can networks be put in the order of the accuracy that training would give them? Kendall's tau between what
            is known early and the accuracy behind training: 1 for the same order, 0 for no relation, -1 for the opposite order.
            Every figure on this page was measured by the command at its end.

            ## Results

            """;

    private static final String READING = """

            %d test networks, trained from scratch for %s: right for %.1f %% of the test images on average. The regressions
            read a hypernetwork's mean node state and were fitted to %d other networks, which were trained likewise. %d of all
            networks diverged; they count as guessing from there on. Two rankings of %d networks that have nothing to do with each
            other come to a tau of 0 ± %.2f (standard deviation), so taus that lie closer than that cannot be told apart. The
            number of parameters and the accuracy after one epoch do not depend on the hypernetwork.

            """;

    void write(Path page) throws IOException {
        new PageFiles(page).text(text());
    }

    private String text() throws IOException {
        PropertyPrediction first = results.get(0);
        return INTRODUCTION
                + table()
                + String.format(
                        Locale.ROOT,
                        READING,
                        first.tested(),
                        first.epochs() == 1 ? "1 epoch" : first.epochs() + " epochs",
                        PERCENT * first.accuracy(),
                        first.fitted(),
                        first.diverged(),
                        first.tested(),
                        deviation(first.tested()))
                + "## Protocol\n\n" + protocol(first) + runs()
                + "\n## Command\n\n```sh\n" + command + "\n```\n";
    }

    private MarkdownTable table() {
        List<String> header = new ArrayList<>(List.of("Kendall's tau"));
        results.forEach(result -> header.add(name(result)));
        MarkdownTable table = new MarkdownTable(Align.RIGHT, header.toArray(String[]::new));
        for (int i = 0; i < results.get(0).predictors().size(); i++) {
            int line = i;
            List<Object> row = new ArrayList<>(
                    List.of(results.get(0).predictors().get(line).predictor()));
            results.forEach(result -> row.add(tau(result.predictors().get(line).tau())));
            table.row(row.toArray());
        }
        return table;
    }

    /** Returns the name of a run's folder. */
    static String name(PropertyPrediction result) {
        return String.valueOf(Path.of(result.run()).getFileName());
    }

    static String tau(double tau) {
        return Double.isNaN(tau) ? "-" : String.format(Locale.ROOT, "%.3f", tau);
    }

    /** Returns the deviation of tau over all orders of n things (Kendall 1938). */
    private static double deviation(int n) {
        return Math.sqrt(2.0 * (2 * n + 5) / (9.0 * n * (n - 1)));
    }

    private static String protocol(PropertyPrediction result) {
        return String.format(
                Locale.ROOT,
                "Networks: of the space %s (SHA-256 of their file %s), trained on %s (%s)%s, split from seed %d, with seed %d"
                        + " and `%s`.\n\nHypernetworks:\n\n",
                result.data().space(),
                result.data().digest(),
                result.data().images(),
                result.data().imageDigest(),
                result.data().size() == 0
                        ? ""
                        : " at " + result.data().size() + " x " + result.data().size() + " pixels",
                result.data().imageSeed(),
                result.seed(),
                Json.line(result.training()));
    }

    private String runs() throws IOException {
        StringBuilder text = new StringBuilder();
        for (PropertyPrediction result : results) {
            GhnRun.Config config = GhnRun.open(Path.of(result.run())).config();
            text.append(String.format(
                    Locale.ROOT,
                    "- %s: `%s`, %,d steps on %d networks and %d images, seed %d\n",
                    name(result),
                    Json.line(config.model()),
                    config.training().steps(),
                    config.training().networks(),
                    config.training().images(),
                    config.provenance().seed()));
        }
        return text.toString();
    }
}
