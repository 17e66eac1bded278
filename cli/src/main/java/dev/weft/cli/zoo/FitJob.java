package dev.weft.cli.zoo;

import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.datasets.inr.InrZoo;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Locale;

/** Fits the networks that a zoo still lacks, with progress, until it is done or told to stop. */
public final class FitJob {

    private FitJob() {}

    /**
     * Runs a job to its end.
     *
     * @param log what fitting takes is written there, part by part
     * @param resume how to go on if it is told to stop
     * @return how far it came, all rows counted
     * @throws InterruptedJobException if it was told to stop
     */
    public static InrZoo.Progress run(InrZoo job, ZooWriter writer, FitLog log, ProgressOption progress, String resume)
            throws IOException {
        int total = job.header().rows();
        int before = WrittenParts.rows(writer, job.header());
        try (Progress line = progress.start("Fitting", total, "networks");
                Interruption stop = Interruption.watch(Thread.currentThread()::interrupt)) {
            line.resumeAt(before);
            Report report = new Report(line, log, new InrZoo.Progress(before, total, 0, 0));
            job.write(writer, report);
            return report.last;
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.interrupted(); // taken note of
            throw WrittenParts.interrupted(writer, resume);
        }
    }

    /** Shows networks on the progress line and keeps the log. */
    private static final class Report implements InrZoo.Listener {
        private final Progress line;
        private final FitLog log;
        private InrZoo.Progress last;

        Report(Progress line, FitLog log, InrZoo.Progress last) {
            this.line = line;
            this.log = log;
            this.last = last;
        }

        @Override
        public void fitted(InrZoo.Progress now) {
            last = now;
            line.update(now.done(), String.format(Locale.ROOT, "mean %.1f dB", now.meanPsnr()));
        }

        @Override
        public void written(ZooHeader.Part part) throws IOException {
            log.written(part.index(), part.rows());
        }
    }
}
