package dev.weft.cli.service.model;

import dev.weft.checkpoints.format.TensorSource;
import dev.weft.cli.model.ClassAnswer;
import dev.weft.hypernets.ghn.PredictedNetwork;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A request's hold on the version of a model that it began with. Results may be waited for after it is closed. */
public final class Lease implements AutoCloseable {

    private final ModelVersion version;
    private boolean closed;

    /** Takes over a hold. */
    Lease(ModelVersion version) {
        this.version = version;
    }

    public ModelDescription description() {
        return ModelDescription.of(version);
    }

    /** Returns the architecture whose rows {@link #classify} takes. */
    public Architecture classified() {
        return version.as(ServedMetanet.class, Operation.CLASSIFY).architecture();
    }

    /**
     * Says what a network shows.
     *
     * @param row [P]
     */
    public CompletableFuture<ClassAnswer> classify(float[] row) {
        return version.as(ServedMetanet.class, Operation.CLASSIFY).classify(row);
    }

    /** Writes the parameters of an architecture. */
    public CompletableFuture<PredictedNetwork> predict(Architecture architecture, boolean newClasses, Seed seed) {
        ServedHypernet model = version.as(ServedHypernet.class, Operation.PARAMETERS);
        return version.submit(() -> model.predict(architecture, newClasses, seed));
    }

    /** Describes an architecture [d]. */
    public CompletableFuture<double[]> embed(Architecture architecture) {
        ServedHypernet model = version.as(ServedHypernet.class, Operation.EMBEDDING);
        return version.submit(() -> model.embed(architecture));
    }

    /** Forecasts; the last of the five states must stay open while the result is read. */
    public CompletableFuture<TensorSource> forecast(List<? extends TensorSource> states, ForecastSettings settings) {
        ServedNowcaster model = version.as(ServedNowcaster.class, Operation.NOWCAST);
        return version.submit(() -> model.forecast(states, settings));
    }

    /** Refuses an operation that the model does not have, before anything is read for it. */
    public void require(Operation operation) {
        version.as(ServedModel.class, operation);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            version.release();
        }
    }
}
