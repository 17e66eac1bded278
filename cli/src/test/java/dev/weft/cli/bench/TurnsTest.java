package dev.weft.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.report.Progress;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sun.misc.Signal;

/** What benchmarks share. */
class TurnsTest {

    private static BenchContext context(Interruption stop) {
        Workload workload = new Workload(0, 0, 2, 1, List.of(1), 1, 1, 1, 1, 1, List.of(1), 1, false);
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return new BenchContext(
                workload,
                new Seed(0),
                null,
                Device.cpu(),
                (label, total, unit) ->
                        new Progress(nowhere, Progress.Style.SILENT, System::nanoTime, label, total, unit),
                stop);
    }

    @Test
    void worksTakeTurnsInTheWarmUpAndInEveryRound() throws IOException {
        List<String> calls = new ArrayList<>();
        try (Interruption stop = Interruption.watch()) {
            double[] seconds = Turns.seconds(
                    context(stop), "turns", List.of(() -> calls.add("value"), () -> calls.add("baseline")));
            assertEquals(2, seconds.length);
        }
        assertEquals(List.of("value", "baseline", "value", "baseline", "value", "baseline"), calls);
    }

    @Test
    void anInterruptedMeasurementEnds() {
        try (Interruption stop = Interruption.watch()) {
            BenchContext context = context(stop);
            List<Turns.Work> endless = List.of(() -> Signal.raise(new Signal("INT")), () -> waitFor(stop));
            InterruptedJobException e = assertThrows(
                    InterruptedJobException.class, () -> Turns.seconds(context, "endless", 1 << 20, endless));
            assertTrue(e.getMessage().contains("no figures are kept"), e.getMessage());
        }
    }

    private static void waitFor(Interruption stop) {
        while (!stop.getAsBoolean()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void formsWithDifferentLossesAreRefused() {
        NgGnnTraining.requireSameLoss("ng-gnn.train", 2.30001, 2.3);
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> NgGnnTraining.requireSameLoss("ng-gnn.train", 2.301, 2.3));
        assertEquals(
                "ng-gnn.train: expected the same loss of both forms to 1e-04,"
                        + " found 2.30100000 for blocks and 2.30000000 for edges",
                e.getMessage());
        assertThrows(IllegalStateException.class, () -> NgGnnTraining.requireSameLoss("ng-gnn.train", Double.NaN, 2.3));
    }
}
