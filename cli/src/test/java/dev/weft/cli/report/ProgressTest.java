package dev.weft.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final StringWriter text = new StringWriter();
    private final AtomicLong now = new AtomicLong();

    private Progress progress(Progress.Style style) {
        return new Progress(new PrintWriter(text), style, now::get, "Fitting", 100, "networks");
    }

    private void waitSeconds(double seconds) {
        now.addAndGet((long) (seconds * 1e9));
    }

    @Test
    void elsewhereAPlainLineComesEveryFewSeconds() {
        try (Progress progress = progress(Progress.Style.LINES)) {
            waitSeconds(1);
            progress.update(1); // too early
            waitSeconds(5);
            progress.update(30, "psnr 31.2");
            waitSeconds(4);
            progress.update(100);
        }
        assertEquals("""
                Fitting 30/100 networks (30 %), 5.00/s, 14 s left, psnr 31.2
                Fitting 100/100 networks (100 %), 10/s, took 10 s
                """, text.toString());
    }

    @Test
    void onATerminalOneLineIsRedrawnAndTheRestOfTheOldOneBlanked() {
        try (Progress progress = progress(Progress.Style.REDRAW)) {
            waitSeconds(2);
            progress.update(10, "psnr 31.2");
            waitSeconds(2);
            progress.update(20);
        }
        assertEquals(
                "\rFitting 10/100 networks (10 %), 5.00/s, 18 s left, psnr 31.2"
                        + "\rFitting 20/100 networks (20 %), 5.00/s, 16 s left           \n",
                text.toString());
    }

    @Test
    void whatAnEarlierRunDidDoesNotCountForTheRate() {
        try (Progress progress = progress(Progress.Style.LINES)) {
            progress.resumeAt(90);
            waitSeconds(5);
            progress.update(95);
        }
        assertEquals("Fitting 95/100 networks (95 %), 1.00/s, 5.0 s left\n", text.toString());
    }

    @Test
    void silenceIsSilent() {
        try (Progress progress = progress(Progress.Style.SILENT)) {
            waitSeconds(60);
            progress.update(50);
        }
        assertEquals("", text.toString());
    }

    @Test
    void timesReadWell() {
        assertEquals("0.8 s", Durations.text(0.8));
        assertEquals("42 s", Durations.text(42.4));
        assertEquals("1 min 00 s", Durations.text(59.9));
        assertEquals("3 min 05 s", Durations.text(185));
        assertEquals("2 h 07 min", Durations.text(2 * 3600 + 7 * 60));
    }
}
