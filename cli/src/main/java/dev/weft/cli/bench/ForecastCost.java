package dev.weft.cli.bench;

import ai.djl.ndarray.NDManager;
import dev.weft.metanets.nowcast.Forecast;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.metanets.task.ProcessorTime;
import java.io.IOException;
import java.util.OptionalDouble;

/**
 * What a forecast took.
 *
 * @param processorSeconds of all threads
 * @param seconds on the clock
 * @param mebibytes that the process grew by, where the system tells
 * @param forecast the result
 */
record ForecastCost(double processorSeconds, double seconds, OptionalDouble mebibytes, Forecast forecast) {

    /** Both ways are float32, with sums in another order. */
    private static final double TOLERANCE = 1e-4;

    /** Makes a forecast. */
    @FunctionalInterface
    interface Work {
        Forecast run(NDManager manager) throws IOException;
    }

    static ForecastCost of(NDManager manager, Work work) throws IOException {
        try (NDManager sub = manager.newSubManager();
                MemoryWatch memory = MemoryWatch.start()) {
            double processor = ProcessorTime.seconds();
            long start = System.nanoTime();
            Forecast forecast = work.run(sub);
            return new ForecastCost(
                    ProcessorTime.seconds() - processor,
                    (System.nanoTime() - start) * 1e-9,
                    memory.addedMebibytes(),
                    forecast);
        }
    }

    /**
     * Checks that another way gives the same.
     *
     * @param name of the benchmark, for the message
     * @param last the state that displacements are counted from [P]
     */
    void requireSame(String name, ForecastCost other, float[] last) {
        double error = 0;
        double displacement = 0;
        for (RowTensor tensor : forecast.layout().tensors()) {
            float[] own = forecast.values(tensor);
            float[] others = other.forecast.values(tensor);
            for (int i = 0; i < own.length; i++) {
                error += Math.pow((double) own[i] - others[i], 2);
                displacement += Math.pow((double) others[i] - last[(int) tensor.offset() + i], 2);
            }
        }
        if (!(Math.sqrt(error / displacement) <= TOLERANCE)) {
            throw new IllegalStateException(name + ": expected the same forecast of both forms, found a difference of "
                    + Math.sqrt(error / displacement) + " of its displacement");
        }
    }
}
