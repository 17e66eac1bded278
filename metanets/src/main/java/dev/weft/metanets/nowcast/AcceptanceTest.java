package dev.weft.metanets.nowcast;

import dev.weft.metanets.nowcast.Nowcaster.Step;
import java.io.IOException;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoubleSupplier;

/**
 * Whether a forecast is taken: the loss with it may be at most the loss without it, times 1 + tolerance. If it is more, the
 * horizon or the step is halved and tried again; when nothing is left to try, the parameters stay as they were.
 *
 * @param loss with the parameters' values at the time of the call, the lower the better
 * @param tolerance share by which the loss may rise, since a few steps often make up for it
 * @param backOff what is halved
 * @param attempts the most forecasts that are tried
 */
public record AcceptanceTest(DoubleSupplier loss, double tolerance, BackOff backOff, int attempts) {

    /** What is made smaller when a forecast is refused. */
    public enum BackOff {
        /** Look less far ahead. */
        HORIZON,
        /** Go a part of the way. */
        STEP
    }

    public AcceptanceTest {
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("tolerance: expected 0 or more, found " + tolerance);
        }
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: expected 1 or more, found " + attempts);
        }
    }

    /** Forecasts the row of parameters at a horizon. */
    @FunctionalInterface
    interface Forecaster {
        float[] at(int horizon) throws IOException;
    }

    /** Sets the parameters. */
    @FunctionalInterface
    interface Setter {
        void set(float[] row);
    }

    /** Tries forecasts, and leaves the parameters at the one that passes or as they were. */
    Step choose(long call, int longest, float[] last, Forecaster forecaster, Setter setter) throws IOException {
        double before = loss.getAsDouble();
        int horizon = longest;
        double step = 1;
        float[] forecast = forecaster.at(horizon);
        for (int attempt = 1; attempt <= attempts; attempt++) {
            setter.set(between(last, forecast, step));
            double after = loss.getAsDouble();
            if (after <= before + tolerance * Math.abs(before)) { // false for NaN
                return step(call, OptionalInt.of(horizon), step, before, after);
            }
            if (backOff == BackOff.STEP) {
                step /= 2;
            } else if (horizon == 1) {
                break;
            } else {
                horizon /= 2;
                forecast = attempt < attempts ? forecaster.at(horizon) : forecast;
            }
        }
        setter.set(last);
        return step(call, OptionalInt.empty(), 0, before, before);
    }

    private static Step step(long call, OptionalInt horizon, double step, double before, double after) {
        return new Step(call, horizon, true, step, OptionalDouble.of(before), OptionalDouble.of(after));
    }

    private static float[] between(float[] last, float[] forecast, double step) {
        float[] row = forecast.clone();
        for (int i = 0; step < 1 && i < row.length; i++) {
            row[i] = (float) (last[i] + step * ((double) forecast[i] - last[i]));
        }
        return row;
    }
}
