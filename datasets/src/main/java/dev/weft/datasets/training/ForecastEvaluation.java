package dev.weft.datasets.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.network.Architecture;
import dev.weft.network.run.FunctionalNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How well forecasts of parameters come true on a zoo's trajectories that were held out: a forecaster sees some states of a
 * run and is compared with a later state of the same run, as a point and as a network.
 */
public final class ForecastEvaluation {

    private final Zoo zoo;
    private final LearningTask task;
    private final Settings settings;
    private final List<Window> windows;

    /** Foretells parameters. */
    public interface Forecaster {

        /** Returns a name for tables. */
        String name();

        /**
         * Returns a row of P values.
         *
         * @param states oldest first, each [P], evenly spaced; not to be changed
         * @param horizon how many of these spaces behind the last
         */
        float[] forecast(List<float[]> states, int horizon) throws IOException;
    }

    /**
     * What is compared.
     *
     * @param split whose runs are looked at
     * @param states that a forecaster sees
     * @param stride rows of the zoo from one state to the next
     * @param horizons that are asked for, in strides
     * @param starts the most windows of a run, spread evenly
     * @param testExamples how many each forecast is tested on, at most
     */
    public record Settings(Split split, int states, int stride, List<Integer> horizons, int starts, int testExamples) {

        public Settings {
            horizons = List.copyOf(horizons);
            if (states < 2 || stride < 1 || starts < 1 || testExamples < 1) {
                throw new IllegalArgumentException(
                        "expected at least 2 states, a stride, a window a run and a test example," + " got " + states
                                + ", " + stride + ", " + starts + ", " + testExamples);
            }
            if (horizons.isEmpty() || horizons.stream().anyMatch(horizon -> horizon < 1)) {
                throw new IllegalArgumentException("expected horizons of at least 1, got " + horizons);
            }
        }

        private int furthest() {
            return horizons.stream().mapToInt(Integer::intValue).max().orElseThrow();
        }

        /** Returns how many rows a window needs. */
        private int span() {
            return Math.multiplyExact(states - 1 + furthest(), stride) + 1;
        }
    }

    /**
     * The mean over windows of how a forecaster did at a horizon.
     *
     * @param forecaster its name
     * @param horizon in strides
     * @param windows how many
     * @param error distance of the forecast from the true later parameters, over that of the last state from them
     * @param loss of the network at the forecast, on the test examples
     * @param accuracy of the same
     * @param closest in how many windows no other forecaster that was compared came closer to the true parameters
     * @param lowestLoss in how many windows no other forecaster's network had a lower loss
     * @param trueLoss of the network that training came to at the horizon
     */
    public record Result(
            String forecaster,
            int horizon,
            int windows,
            double error,
            double loss,
            double accuracy,
            int closest,
            int lowestLoss,
            double trueLoss) {}

    /** How a forecast of one window did. */
    private record Outcome(double error, Score score, double trueLoss) {}

    /** Rows first, first + stride, ... of one run. */
    private record Window(int first) {}

    /**
     * Finds the windows.
     *
     * @param zoo of one architecture, whose runs' rows lie behind one another
     * @param task that the networks were trained for
     * @throws IllegalArgumentException if no run of the split is long enough
     */
    public ForecastEvaluation(Zoo zoo, LearningTask task, Settings settings) {
        task.check(zoo.header().architecture());
        this.zoo = zoo;
        this.task = task;
        this.settings = settings;
        this.windows = windows(zoo, settings);
        if (windows.isEmpty()) {
            throw new IllegalArgumentException("no run of the split " + settings.split.text() + " has the "
                    + settings.span() + " rows that " + settings.states + " states " + settings.stride
                    + " rows apart and the horizon " + settings.furthest() + " need");
        }
    }

    private static List<Window> windows(Zoo zoo, Settings settings) {
        List<Window> windows = new ArrayList<>();
        int first = 0;
        while (first < zoo.size()) {
            int end = first + 1;
            while (end < zoo.size() && zoo.runId(end).equals(zoo.runId(first))) {
                end++;
            }
            int places = end - first - settings.span() + 1;
            if (zoo.split(first) == settings.split && places > 0) {
                int count = Math.min(settings.starts, places);
                for (int k = 0; k < count; k++) {
                    windows.add(new Window(first + (count == 1 ? 0 : (int) ((long) k * (places - 1) / (count - 1)))));
                }
            }
            first = end;
        }
        return windows;
    }

    /** Returns a result for each forecaster and horizon, all horizons of the first forecaster first. */
    public List<Result> evaluate(NDManager manager, List<? extends Forecaster> forecasters) throws IOException {
        List<List<Result>> byForecaster = forecasters.stream()
                .map(each -> (List<Result>) new ArrayList<Result>())
                .toList();
        for (int horizon : settings.horizons) {
            List<List<Outcome>> outcomes = new ArrayList<>();
            for (Window window : windows) {
                outcomes.add(outcomes(manager, forecasters, window, horizon));
            }
            for (int f = 0; f < forecasters.size(); f++) {
                byForecaster.get(f).add(result(forecasters.get(f).name(), horizon, outcomes, f));
            }
        }
        return byForecaster.stream().flatMap(List::stream).toList();
    }

    /** Returns an outcome for each forecaster. */
    private List<Outcome> outcomes(
            NDManager manager, List<? extends Forecaster> forecasters, Window window, int horizon) throws IOException {
        float[] truth = state(window, settings.states - 1 + horizon);
        List<float[]> states = states(window);
        double moved = distance(states.get(settings.states - 1), truth);
        double trueLoss = score(manager, truth).loss();
        List<Outcome> outcomes = new ArrayList<>();
        for (Forecaster forecaster : forecasters) {
            float[] forecast = forecaster.forecast(states, horizon);
            outcomes.add(new Outcome(distance(forecast, truth) / moved, score(manager, forecast), trueLoss));
        }
        return outcomes;
    }

    /** @param outcomes window by window, each of all forecasters */
    private static Result result(String name, int horizon, List<List<Outcome>> outcomes, int forecaster) {
        List<Outcome> own = outcomes.stream().map(each -> each.get(forecaster)).toList();
        return new Result(
                name,
                horizon,
                own.size(),
                mean(own, Outcome::error),
                mean(own, outcome -> outcome.score.loss()),
                mean(own, outcome -> outcome.score.accuracy()),
                wins(outcomes, forecaster, Outcome::error),
                wins(outcomes, forecaster, outcome -> outcome.score.loss()),
                mean(own, Outcome::trueLoss));
    }

    private static double mean(List<Outcome> outcomes, ToDoubleFunction<Outcome> figure) {
        return outcomes.stream().mapToDouble(figure).average().orElseThrow();
    }

    /** Counts the windows in which a forecaster has a number and nobody has less. */
    private static int wins(List<List<Outcome>> outcomes, int forecaster, ToDoubleFunction<Outcome> figure) {
        return (int) outcomes.stream()
                .filter(all -> {
                    double own = figure.applyAsDouble(all.get(forecaster));
                    return !Double.isNaN(own)
                            && all.stream().mapToDouble(figure).noneMatch(other -> other < own);
                })
                .count();
    }

    private List<float[]> states(Window window) {
        List<float[]> states = new ArrayList<>();
        for (int i = 0; i < settings.states; i++) {
            states.add(state(window, i));
        }
        return states;
    }

    private float[] state(Window window, int strides) {
        return zoo.parameters(window.first + strides * settings.stride);
    }

    private Score score(NDManager manager, float[] row) {
        Architecture architecture = zoo.header().architecture();
        try (NDManager own = manager.newSubManager()) {
            NDArray rows = own.create(row, new Shape(1, row.length));
            int examples = Math.min(settings.testExamples, task.testSize());
            return Score.of(task, new FunctionalNetwork(architecture), rows, examples)
                    .get(0);
        }
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }
}
