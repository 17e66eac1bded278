package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.train.RowOptimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Nowcaster} is to one network's tensors, for the rows of several networks that are trained side by side: the
 * last step of each period replaces each row by its own forecast instead of a step of the base optimizer.
 */
public final class NowcastingRows implements RowOptimizer {

    private final RowOptimizer base;
    private final List<Leaps> leaps;
    private final Consumer<Nowcaster.Step> listener;

    /**
     * @param base makes the ordinary steps; closed with this
     * @param networks number of rows
     * @param graph of the networks, whose layout is that of a row
     * @param listener told of every forecast, row by row
     */
    public NowcastingRows(
            RowOptimizer base,
            int networks,
            NowcastModel model,
            WiredGraph graph,
            Nowcaster.Plan plan,
            Consumer<Nowcaster.Step> listener) {
        this.base = base;
        this.leaps = Stream.generate(() -> new Leaps(model, graph, plan))
                .limit(networks)
                .toList();
        this.listener = listener;
    }

    @Override
    public boolean needsGradient() {
        return !leaps.get(0).isNext() && base.needsGradient();
    }

    @Override
    public void step(NDArray rows, @Nullable NDArray gradient, double learningRate) {
        boolean ordinary = !leaps.get(0).isNext();
        for (int k = 0; k < leaps.size(); k++) {
            Nowcaster.Step step = call(k, rows);
            if (step.nowcast()) {
                listener.accept(step);
            }
        }
        if (ordinary) {
            base.step(rows, gradient, learningRate);
        }
    }

    private Nowcaster.Step call(int k, NDArray rows) {
        try {
            return leaps.get(k).call(new Row(rows, k), () -> {}); // one step for all rows follows
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        base.close();
    }

    /** One of n rows [n, P]. */
    private record Row(NDArray rows, int k) implements Leaps.Row {

        @Override
        public float[] get() {
            try (NDArray row = rows.get(k)) {
                return row.toFloatArray();
            }
        }

        @Override
        public void set(float[] values) {
            try (NDArray row = rows.getManager().create(values)) {
                rows.set(new NDIndex(k), row);
            }
        }
    }
}
