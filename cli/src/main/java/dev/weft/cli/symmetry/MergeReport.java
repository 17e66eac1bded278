package dev.weft.cli.symmetry;

import dev.weft.cli.report.Table;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code weft merge} reports.
 *
 * @param model the forecasting network, if one was asked
 * @param values real numbers in each file
 * @param losses of the merged network, none where they were not asked for
 */
record MergeReport(
        String method,
        @Nullable String model,
        long values,
        List<Merged> networks,
        @Nullable Losses losses,
        String out) {

    /**
     * A network that was merged.
     *
     * @param share of the network in the mean, none in a forecast
     * @param distance of the merged network from this one as it was moved, in units of the norm of this one
     * @param loss where it was asked for
     */
    record Merged(
            String file,
            @Nullable Double share,
            double distance,
            @Nullable Double loss) {}

    /**
     * What the merged network is worth.
     *
     * @param measure what the losses are
     * @param merged of the merged network
     * @param mean of the mean of the networks as they were given, with equal shares and without the base
     */
    record Losses(String measure, double merged, double mean) {}

    /** Returns the text for people. */
    String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%d networks of %,d real values merged by %s%n%n",
                networks.size(),
                values,
                model == null ? method : method + " (" + model + ")"));
        Table table = losses == null
                ? new Table("network", "share", "distance")
                : new Table("network", "share", "distance", "loss");
        for (Merged each : networks) {
            String share = each.share == null ? "-" : number(each.share);
            if (each.loss == null) {
                table.row(each.file, share, number(each.distance));
            } else {
                table.row(each.file, share, number(each.distance), number(each.loss));
            }
        }
        if (losses != null) {
            table.row("plain mean", "-", "-", number(losses.mean));
            table.row("merged", "-", "-", number(losses.merged));
        }
        text.append(table).append("\nDistances are the merged network's from each, over the norm of that one.\n");
        if (losses != null) {
            text.append("Losses are ").append(losses.measure).append(".\n");
        }
        return text.append("written to ").append(out).append('\n').toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}
