package dev.weft.cli.symmetry;

import dev.weft.cli.report.Table;
import dev.weft.symmetry.align.Alignment;
import dev.weft.symmetry.align.Interpolation;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code weft align} reports.
 *
 * @param similarity of the two networks: the cosine of their parameters, or the mean correlation of their neurons
 * @param curve losses on the way, none where they were not asked for
 */
record AlignReport(
        String a,
        String b,
        String architecture,
        long parameters,
        String by,
        Similarity similarity,
        int sweeps,
        List<Alignment.Moved> blocks,
        @Nullable Curve curve,
        @Nullable String out,
        @Nullable String plot) {

    /** Before and after. */
    record Similarity(double before, double after) {}

    /**
     * Losses on the straight line from A to B.
     *
     * @param measure what the losses are
     * @param t from 0 (A) to 1 (B)
     */
    record Curve(String measure, double[] t, Way before, Way after) {}

    /** Losses with B as it was given, or as it was moved. */
    record Way(double barrier, double area, double[] losses) {
        static Way of(Interpolation interpolation) {
            return new Way(interpolation.barrier(), interpolation.area(), interpolation.losses());
        }
    }

    /** Returns the text for people. */
    String text() {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %,d parameters%n%s moved to %s by %s, %d sweeps%n%n",
                architecture,
                parameters,
                b,
                a,
                by,
                sweeps));
        Table table = new Table("", "before", "after");
        table.row("similarity", number(similarity.before), number(similarity.after));
        if (curve != null) {
            table.row("loss barrier", number(curve.before.barrier), number(curve.after.barrier));
            table.row("area under the excess", number(curve.before.area), number(curve.after.area));
            table.row("loss half way", number(halfWay(curve.before)), number(halfWay(curve.after)));
        }
        text.append(table);
        if (curve != null) {
            text.append("\nLosses are ").append(curve.measure).append(".\n");
        }
        Table moved = new Table("block", "size", "moved");
        blocks.forEach(block -> moved.row(block.name(), block.size(), block.moved()));
        text.append('\n').append(moved);
        if (out != null) {
            text.append("\nwritten to ").append(out).append('\n');
        }
        return plot == null
                ? text.toString()
                : text.append("plot: ").append(plot).append('\n').toString();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }

    /** An even number of points has two in the middle. */
    private static double halfWay(Way way) {
        int n = way.losses.length;
        return (way.losses[(n - 1) / 2] + way.losses[n / 2]) / 2;
    }
}
