package dev.weft.cli.report;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How far a job is, with its rate and the time that is left. On a terminal one line is redrawn; elsewhere a plain line
 * comes every few seconds. Calls are cheap and may come from several threads; closing prints the last state.
 */
public final class Progress implements AutoCloseable {

    /** How a progress line is shown. */
    public enum Style {
        /** One line, redrawn with carriage returns. */
        REDRAW(Duration.ofMillis(200)),
        /** A line now and then. */
        LINES(Duration.ofSeconds(5)),
        /** Nothing. */
        SILENT(Duration.ZERO);

        private final long interval;

        Style(Duration interval) {
            this.interval = interval.toNanos();
        }
    }

    private final PrintWriter err;
    private final Style style;
    private final LongSupplier nanos;
    private final String label;
    private final long total;
    private final String unit;
    private final long start;

    private long first;
    private long done;
    private String detail = "";
    private long shownAt;
    private @Nullable String shown;

    /**
     * @param err where to write
     * @param nanos the clock, {@link System#nanoTime} outside tests
     * @param label what is being done, for example {@code Fitting}
     * @param total how many units there are
     * @param unit what is counted, for example {@code networks}
     */
    public Progress(PrintWriter err, Style style, LongSupplier nanos, String label, long total, String unit) {
        this.err = err;
        this.style = style;
        this.nanos = nanos;
        this.label = label;
        this.total = total;
        this.unit = unit;
        this.start = nanos.getAsLong();
        this.shownAt = start;
    }

    /** Tells how many units were done by an earlier run that this one resumes; they do not count for the rate. */
    public synchronized void resumeAt(long done) {
        this.first = done;
        this.done = done;
    }

    /** Tells how many units are done in all. */
    public void update(long done) {
        update(done, "");
    }

    /** As {@link #update(long)}, with a few words such as {@code loss 0.31}. */
    public synchronized void update(long done, String detail) {
        this.done = done;
        this.detail = detail;
        long now = nanos.getAsLong();
        if (style != Style.SILENT && now - shownAt >= style.interval) {
            shownAt = now;
            show(line(now));
        }
    }

    @Override
    public synchronized void close() {
        if (style == Style.SILENT) {
            return;
        }
        String last = line(nanos.getAsLong());
        if (!last.equals(shown)) {
            show(last);
        }
        if (style == Style.REDRAW) {
            err.println();
        }
        err.flush();
    }

    private void show(String line) {
        if (style == Style.REDRAW) {
            int before = shown == null ? 0 : shown.length();
            err.print("\r" + line + " ".repeat(Math.max(0, before - line.length())));
        } else {
            err.println(line);
        }
        err.flush();
        shown = line;
    }

    private String line(long now) {
        double seconds = (now - start) / 1e9;
        double rate = seconds > 0 ? (done - first) / seconds : 0;
        StringBuilder text = new StringBuilder(label)
                .append(' ')
                .append(done)
                .append('/')
                .append(total)
                .append(' ')
                .append(unit)
                .append(" (")
                .append(total == 0 ? 100 : 100 * done / total)
                .append(" %)");
        if (rate > 0) {
            text.append(String.format(Locale.ROOT, rate < 10 ? ", %.2f/s" : ", %.0f/s", rate));
        }
        if (done >= total) {
            text.append(", took ").append(Durations.text(seconds));
        } else if (rate > 0) {
            text.append(", ").append(Durations.text((total - done) / rate)).append(" left");
        }
        return detail.isEmpty()
                ? text.toString()
                : text.append(", ").append(detail).toString();
    }
}
