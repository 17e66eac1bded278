package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.training.optimizer.Optimizer;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An optimizer that now and then leaps ahead (Knyazev et al. 2025, algorithm 1): it keeps five copies of the parameters, evenly
 * spaced in a period of calls, and the last call of each period replaces the parameters by a forecast instead of a step of
 * the base optimizer, whose state stays as it is.
 *
 * <p>In a loop: if {@link #needsGradients()}, compute the gradients; then {@link #step}. With period P a copy is taken at
 * the beginning of every call whose number, counted from 1, is a multiple of P / 5 rounded down, before the call's own step,
 * and the fifth makes the call a nowcast. Horizons go by call number / P, as in the reference, also if 5 does not divide P.
 *
 * <p>Unlike the reference, copies and the call's number can be {@link #save saved}, and a forecast can be put to an {@link
 * AcceptanceTest}. Not safe for use by several threads.
 */
public final class Nowcaster {

    /** Calls in a period, as published. */
    public static final int PERIOD_DEFAULT = 1000;

    private final Optimizer base;
    private final Map<String, NDArray> parameters = new LinkedHashMap<>();
    private final Leaps leaps;

    /**
     * When to leap, and how far.
     *
     * @param period calls from one nowcast to the next
     * @param schedule of horizons
     * @param settings of all forecasts but their horizon
     * @param acceptance what a forecast must pass, or nothing
     */
    public record Plan(
            int period,
            HorizonSchedule schedule,
            ForecastSettings settings,
            @Nullable AcceptanceTest acceptance) {

        public Plan {
            if (period < Trajectory.STATES) {
                throw new IllegalArgumentException(
                        "period: expected " + Trajectory.STATES + " calls or more, found " + period);
            }
        }

        /** Returns the published plan for a run of a number of calls: no acceptance test, longest horizon first. */
        public static Plan of(NowcastModel model, int period, long calls) {
            HorizonSchedule schedule = new HorizonSchedule(
                    model.horizons(), Math.toIntExact(calls / period), HorizonSchedule.POWER_DEFAULT);
            return new Plan(period, schedule, ForecastSettings.horizon(1), null);
        }

        public Plan withSettings(ForecastSettings other) {
            return new Plan(period, schedule, other, acceptance);
        }

        public Plan withAcceptance(AcceptanceTest test) {
            return new Plan(period, schedule, settings, test);
        }
    }

    /**
     * What a call did.
     *
     * @param call number of the call, from 0
     * @param horizon of the forecast that the parameters are now, empty after an ordinary step and after a rollback
     * @param nowcast whether a forecast was made
     * @param step part of the forecast's displacement that was taken
     * @param lossBefore where a test was asked for
     * @param lossAfter with what the parameters are now
     */
    public record Step(
            long call,
            OptionalInt horizon,
            boolean nowcast,
            double step,
            OptionalDouble lossBefore,
            OptionalDouble lossAfter) {

        static Step ordinary(long call) {
            return new Step(call, OptionalInt.empty(), false, 0, OptionalDouble.empty(), OptionalDouble.empty());
        }
    }

    /**
     * @param base makes the ordinary steps
     * @param parameters by name, those of {@code graph}'s layout; changed in place
     * @param graph of the network
     */
    public Nowcaster(Optimizer base, Map<String, NDArray> parameters, NowcastModel model, WiredGraph graph, Plan plan) {
        this.base = base;
        this.leaps = new Leaps(model, graph, plan);
        for (RowTensor tensor : graph.layout().tensors()) {
            NDArray array = parameters.get(tensor.name());
            if (array == null || array.size() != tensor.size()) {
                throw new IllegalArgumentException(
                        "expected a parameter " + tensor + ", found " + (array == null ? "none" : array.getShape()));
            }
            this.parameters.put(tensor.name(), array);
        }
    }

    /** Returns whether the next call is a step of the base optimizer; a nowcast needs no gradients. */
    public boolean needsGradients() {
        return !leaps.isNext();
    }

    /** Makes a step with the gradients that the engine holds for the parameters. */
    public Step step() throws IOException {
        Map<String, NDArray> gradients = new LinkedHashMap<>();
        if (needsGradients()) {
            parameters.forEach((name, array) -> gradients.put(name, array.getGradient()));
        }
        try {
            return step(gradients);
        } finally {
            gradients.values().forEach(NDArray::close);
        }
    }

    /**
     * Makes a step.
     *
     * @param gradients by name; nothing is read from them if {@link #needsGradients()} says no
     */
    public Step step(Map<String, NDArray> gradients) throws IOException {
        return leaps.call(
                new NamedArrays(),
                () -> parameters.forEach(
                        (name, array) -> base.update(name, array, Objects.requireNonNull(gradients.get(name), name))));
    }

    /** The arrays as a row. */
    private final class NamedArrays implements Leaps.Row {

        @Override
        public float[] get() {
            RowLayout layout = leaps.graph().layout();
            float[] row = new float[Math.toIntExact(layout.size())];
            for (RowTensor tensor : layout.tensors()) {
                float[] values = array(tensor).toFloatArray();
                System.arraycopy(values, 0, row, (int) tensor.offset(), values.length);
            }
            return row;
        }

        @Override
        public void set(float[] row) {
            for (RowTensor tensor : leaps.graph().layout().tensors()) {
                float[] values = new float[(int) tensor.size()];
                System.arraycopy(row, (int) tensor.offset(), values, 0, values.length);
                array(tensor).set(values);
            }
        }

        private NDArray array(RowTensor tensor) {
            return Objects.requireNonNull(parameters.get(tensor.name()));
        }
    }

    /** Returns how many calls were made. */
    public long calls() {
        return leaps.calls();
    }

    /** Writes the copies and the call's number; the base optimizer's state and the parameters are the caller's to save. */
    public void save(Path file) throws IOException {
        leaps.state().write(file, leaps.graph().layout());
    }

    /**
     * Goes on where a saved one was.
     *
     * @throws dev.weft.network.FormatException if the file is of another network or another period
     */
    public void restore(Path file) throws IOException {
        leaps.restore(NowcasterState.read(file, leaps.graph().layout(), leaps.period()));
    }
}
