package dev.weft.cli.zoo;

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
import java.util.stream.IntStream;

/** Fits the networks that a zoo still lacks, with progress, until it is done or told to stop. */
public final class FitJob {

    private FitJob() {}

    /**
     * Runs a job to its end.
     *
     * @param resume how to go on if it is told to stop
     * @return how far it came, all rows counted
     * @throws InterruptedJobException if it was told to stop
     */
    public static InrZoo.Progress run(InrZoo job, ZooWriter writer, ProgressOption progress, String resume)
            throws IOException {
        int total = job.header().rows();
        int before = IntStream.range(0, writer.parts())
                .filter(writer::isWritten)
                .map(part -> job.header().part(part).rows())
                .sum();
        InrZoo.Progress[] last = {new InrZoo.Progress(before, total, 0, 0)};
        try (Progress line = progress.start("Fitting", total, "networks");
                Interruption stop = Interruption.watch(Thread.currentThread()::interrupt)) {
            line.resumeAt(before);
            job.write(writer, now -> {
                last[0] = now;
                line.update(now.done(), String.format(Locale.ROOT, "mean %.1f dB", now.meanPsnr()));
            });
        } catch (InterruptedIOException | ClosedByInterruptException e) {
            Thread.interrupted(); // taken note of
            throw interrupted(writer, resume);
        }
        return last[0];
    }

    private static InterruptedJobException interrupted(ZooWriter writer, String resume) {
        long written =
                IntStream.range(0, writer.parts()).filter(writer::isWritten).count();
        return new InterruptedJobException(written + " of " + writer.parts() + " parts are written", resume);
    }
}
