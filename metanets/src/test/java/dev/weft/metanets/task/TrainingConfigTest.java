package dev.weft.metanets.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.metanets.task.TrainingConfig.Schedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TrainingConfigTest {

    private static TrainingConfig config(int warmupSteps, Schedule schedule) {
        return new TrainingConfig(1, 1, 1, 0.8, 0, false, warmupSteps, schedule, 0, 0);
    }

    @Test
    void theLearningRateRisesThenFallsAlongHalfACosine() {
        TrainingConfig config = config(4, Schedule.COSINE);
        double[] warm = {0.2, 0.4, 0.6, 0.8};
        for (int step = 0; step < 4; step++) {
            assertEquals(warm[step], config.learningRate(step, 12), 1e-12);
        }
        assertEquals(0.8, config.learningRate(4, 12), 1e-12);
        assertEquals(0.4 * (1 + Math.sqrt(0.5)), config.learningRate(6, 12), 1e-12);
        assertEquals(0.4, config.learningRate(8, 12), 1e-12);
        assertEquals(0, config.learningRate(12, 12), 1e-12);
        assertEquals(0, config.learningRate(99, 12), 1e-12);
    }

    @Test
    void aConstantRateStaysWithAndWithoutWarmUp() {
        assertEquals(0.8, config(0, Schedule.CONSTANT).learningRate(0, 5), 0);
        assertEquals(0.4, config(2, Schedule.CONSTANT).learningRate(0, 5), 0);
        assertEquals(0.8, config(2, Schedule.CONSTANT).learningRate(4, 5), 0);
    }

    @Test
    void aWarmUpLongerThanTheRunOnlyRises() {
        assertEquals(0.04, config(100, Schedule.COSINE).learningRate(4, 5), 1e-12);
    }

    private static void refused(String message, Executable config) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, config).getMessage());
    }

    @Test
    void refusesWhatCannotBeTrainedWith() {
        Schedule c = Schedule.CONSTANT;
        refused(
                "training: epochs: expected at least 1, got 0",
                () -> new TrainingConfig(0, 1, 1, 1, 0, false, 0, c, 0, 0));
        refused(
                "training: batchSize: expected at least 1, got -2",
                () -> new TrainingConfig(1, -2, 1, 1, 0, false, 0, c, 0, 0));
        refused(
                "training: microBatchSize: expected at least 1, got 0",
                () -> new TrainingConfig(1, 1, 0, 1, 0, false, 0, c, 0, 0));
        refused(
                "training: learningRate: expected a positive number, got NaN",
                () -> new TrainingConfig(1, 1, 1, Double.NaN, 0, false, 0, c, 0, 0));
        refused(
                "training: learningRate: expected a positive number, got Infinity",
                () -> new TrainingConfig(1, 1, 1, Double.POSITIVE_INFINITY, 0, false, 0, c, 0, 0));
        refused(
                "training: weightDecay: expected a number of at least 0, got -1.0",
                () -> new TrainingConfig(1, 1, 1, 1, -1, false, 0, c, 0, 0));
        refused(
                "training: warmupSteps: expected at least 0, got -1",
                () -> new TrainingConfig(1, 1, 1, 1, 0, false, -1, c, 0, 0));
        refused(
                "training: clipNorm: expected a number of at least 0, got NaN",
                () -> new TrainingConfig(1, 1, 1, 1, 0, false, 0, c, Double.NaN, 0));
        refused(
                "training: patience: expected at least 0, got -1",
                () -> new TrainingConfig(1, 1, 1, 1, 0, false, 0, c, 0, -1));
    }
}
