package dev.weft.cli.zoo;

import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.cli.exit.InterruptedJobException;
import java.util.stream.IntStream;

/** What is there of a zoo that a job writes. */
final class WrittenParts {

    private WrittenParts() {}

    /** Counts the rows that are written. */
    static int rows(ZooWriter writer, ZooHeader header) {
        return IntStream.range(0, writer.parts())
                .filter(writer::isWritten)
                .map(part -> header.part(part).rows())
                .sum();
    }

    /** Says what a job that was told to stop leaves, and how to go on. */
    static InterruptedJobException interrupted(ZooWriter writer, String resume) {
        long written =
                IntStream.range(0, writer.parts()).filter(writer::isWritten).count();
        return new InterruptedJobException(written + " of " + writer.parts() + " parts are written", resume);
    }
}
