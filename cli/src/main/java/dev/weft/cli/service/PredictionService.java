package dev.weft.cli.service;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.NetworkTensors;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.cli.checkpoint.CheckpointSummary;
import dev.weft.cli.graph.Subject;
import dev.weft.cli.model.ClassAnswer;
import dev.weft.cli.model.NetworkRow;
import dev.weft.cli.service.model.BatchSettings;
import dev.weft.cli.service.model.Lease;
import dev.weft.cli.service.model.ModelDescription;
import dev.weft.cli.service.model.ModelRegistry;
import dev.weft.cli.service.problem.Deadline;
import dev.weft.cli.service.problem.ServiceException;
import dev.weft.cli.service.upload.Spool;
import dev.weft.cli.service.upload.Upload;
import dev.weft.hypernets.ghn.PredictedNetwork;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the service does, however it is reached. A front (HTTP, Flight) takes a place at {@link #admission()} for each request
 * and a {@link Lease} of the model, receives uploads through {@link #spool()}, calls one of the operations, writes the answer,
 * and gives both back.
 *
 * <p>Failures are exceptions; {@link #failure} says what to answer. Safe for use by
 * many threads.
 */
public final class PredictionService implements AutoCloseable {

    /** What a hypernetwork takes for each pair of nodes, most of it for attention: 100 with a GHN-3 and 9,000 nodes, measured. */
    private static final long BYTES_A_PAIR = 128;

    private final ServiceLimits limits;
    private final ModelRegistry registry;
    private final Spool spool;
    private final Admission admission;
    private final MemoryBudget memory;

    private PredictionService(ServiceLimits limits, ModelRegistry registry, Spool spool) {
        this.limits = limits;
        this.registry = registry;
        this.spool = spool;
        this.admission = new Admission(limits.requests());
        this.memory = new MemoryBudget(limits.memoryBytes());
    }

    /** Loads the models of a folder. */
    public static PredictionService open(Path models, ServiceLimits limits, BatchSettings batch) throws IOException {
        NDManager.newBaseManager(Device.cpu()).close(); // loads libtorch, for which no request should wait
        ModelRegistry registry = ModelRegistry.open(models, batch);
        try {
            return new PredictionService(limits, registry, Spool.create(limits.uploadBytes(), limits.spoolBytes()));
        } catch (IOException | RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    public ServiceLimits limits() {
        return limits;
    }

    public ModelRegistry registry() {
        return registry;
    }

    public Spool spool() {
        return spool;
    }

    public Admission admission() {
        return admission;
    }

    /** Returns the models, ordered by name. */
    public List<ModelDescription> models() {
        return registry.list();
    }

    /** Returns one model. */
    public ModelDescription model(String name) {
        try (Lease lease = registry.lease(name)) {
            return lease.description();
        }
    }

    /** Predicts all parameters of a network. */
    public TensorAnswer parameters(Lease model, ParameterRequest request, Deadline deadline) {
        Architecture architecture = request.network();
        Seed seed = new Seed(request.seed()).split("init");
        long bytes = Float.BYTES * architecture.parameterCount() + memoryForNodes(architecture);
        MemoryBudget.Share share = memory.take(bytes, deadline);
        try {
            PredictedNetwork network = deadline.await(model.predict(architecture, request.newClasses(), seed));
            ModelDescription by = model.description();
            Map<String, String> metadata = Map.of("predicted_by", by.name() + " " + by.version());
            return new TensorAnswer(new NetworkTensors(architecture, network.row(), metadata), share::close);
        } catch (RuntimeException | Error e) {
            share.close();
            throw e;
        }
    }

    /** Describes an architecture [d], so that those that do alike lie near each other. */
    public double[] embedding(Lease model, Architecture architecture, Deadline deadline) {
        try (MemoryBudget.Share share = memory.take(memoryForNodes(architecture), deadline)) {
            return deadline.await(model.embed(architecture));
        }
    }

    /** Few bytes of JSON may describe a network of many layers. */
    private static long memoryForNodes(Architecture architecture) {
        long nodes =
                architecture.nodes().size() + architecture.parameters().size(); // of its computation graph, or more
        return BYTES_A_PAIR * nodes * nodes;
    }

    /** Says what the network in a checkpoint shows. */
    public ClassAnswer classify(Lease model, Upload upload, Deadline deadline) throws IOException {
        Architecture architecture = model.classified();
        try (TensorFile file = upload.open()) {
            return deadline.await(model.classify(NetworkRow.read(file, architecture)));
        }
    }

    /** Says what the network with these tensors shows. */
    public ClassAnswer classify(Lease model, TensorSource tensors, Deadline deadline) throws IOException {
        return deadline.await(model.classify(NetworkRow.named(tensors, model.classified())));
    }

    /** Forecasts a network in training; the states must stay open while the answer is read. */
    public TensorAnswer nowcast(Lease model, States states, ForecastSettings settings, Deadline deadline)
            throws IOException {
        MemoryBudget.Share share = memory.take(memoryFor(states), deadline);
        try {
            TensorSource forecast = deadline.await(model.forecast(states.list(), settings));
            ModelDescription by = model.description();
            Map<String, String> metadata = new TreeMap<>(forecast.metadata());
            metadata.put("nowcast.last_state", Upload.NAME);
            metadata.put("predicted_by", by.name() + " " + by.version());
            return new TensorAnswer(new Retold(forecast, metadata), share::close);
        } catch (RuntimeException | Error e) {
            share.close();
            throw e;
        }
    }

    /** Says what is in a checkpoint. */
    public CheckpointSummary describe(Upload upload, boolean statistics, Hints hints) throws IOException {
        try (TensorFile file = upload.open()) {
            return CheckpointSummary.of(file, Upload.NAME, statistics, hints);
        }
    }

    /** Finds the network in a checkpoint; its values are read when they are asked for, as long as the upload is there. */
    public Subject network(Upload upload, Hints hints) throws IOException {
        return Subject.ofCheckpoint(upload.requireCheckpoint().file(), hints);
    }

    /** Draws what an implicit network in a checkpoint shows. */
    public BufferedImage picture(Upload upload, Hints hints, int side, Deadline deadline) throws IOException {
        return InrPicture.draw(network(upload, hints), side, deadline);
    }

    /** The forecast, and what is not mapped of the states. */
    private static long memoryFor(States states) throws IOException {
        long values = 0;
        for (TensorSource state : states.list()) {
            boolean first = state == states.list().get(0);
            for (NamedTensor tensor : state.tensors().values()) {
                values += first || !state.isMapped(tensor.name()) ? tensor.elements() : 0;
            }
        }
        return Float.BYTES * values;
    }

    /** Returns what to answer a client instead of an exception; where uploads lie is left out. */
    public ServiceException failure(Throwable thrown) {
        return spool.anonymous(ServiceException.of(thrown));
    }

    /** Lets nobody in any more and waits for those inside; returns whether all of them were done in time. */
    public boolean drain(Duration grace) throws InterruptedException {
        admission.close();
        return admission.awaitEmpty(Deadline.after(grace));
    }

    @Override
    public void close() throws IOException {
        admission.close();
        registry.close();
        spool.close();
    }
}
