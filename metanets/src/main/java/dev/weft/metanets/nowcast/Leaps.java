package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.metanets.nowcast.Nowcaster.Plan;
import dev.weft.metanets.nowcast.Nowcaster.Step;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The calls of one network's optimizer: when its parameters are copied, and what the fifth copy turns into. */
final class Leaps {

    private final NowcastModel model;
    private final WiredGraph graph;
    private final Plan plan;
    private final List<float[]> states = new ArrayList<>();
    private long calls;

    /** The network's parameters in the order of the graph's layout. */
    interface Row {
        /** Returns a copy. */
        float[] get();

        void set(float[] values);
    }

    Leaps(NowcastModel model, WiredGraph graph, Plan plan) {
        this.model = model;
        this.graph = graph;
        this.plan = plan;
    }

    WiredGraph graph() {
        return graph;
    }

    /** Returns whether the next call replaces the parameters by a forecast. */
    boolean isNext() {
        return takesState() && states.size() == Trajectory.STATES - 1;
    }

    private boolean takesState() {
        return (calls + 1) % (plan.period() / Trajectory.STATES) == 0;
    }

    /**
     * Makes a call.
     *
     * @param ordinary the step of the base optimizer, left out when a forecast is made
     */
    Step call(Row parameters, Runnable ordinary) throws IOException {
        if (takesState()) {
            states.add(parameters.get());
        }
        Step step;
        if (states.size() == Trajectory.STATES) {
            try {
                step = nowcast(parameters);
            } finally {
                states.clear();
            }
        } else {
            ordinary.run();
            step = Step.ordinary(calls);
        }
        calls++;
        return step;
    }

    private Step nowcast(Row parameters) throws IOException {
        float[] last = states.get(Trajectory.STATES - 1);
        int horizon = plan.schedule().horizon(calls / plan.period());
        AcceptanceTest test = plan.acceptance();
        if (test == null) {
            parameters.set(forecast(horizon));
            return new Step(calls, OptionalInt.of(horizon), true, 1, OptionalDouble.empty(), OptionalDouble.empty());
        }
        return test.choose(calls, horizon, last, this::forecast, parameters::set);
    }

    private float[] forecast(int horizon) throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            Trajectory trajectory = Trajectory.of(graph.layout(), states.toArray(float[][]::new));
            return model.forecast(manager, graph, trajectory, plan.settings().withHorizon(horizon))
                    .row();
        }
    }

    long calls() {
        return calls;
    }

    NowcasterState state() {
        return new NowcasterState(calls, plan.period(), List.copyOf(states));
    }

    int period() {
        return plan.period();
    }

    void restore(NowcasterState saved) {
        states.clear();
        states.addAll(saved.states());
        calls = saved.calls();
    }
}
