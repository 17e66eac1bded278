package dev.weft.cli.service.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.cli.model.ClassAnswer;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.task.Evaluator;
import dev.weft.metanets.task.InrClassification;
import dev.weft.metanets.task.RowSource;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** A metanet of a run; requests share its passes. */
public final class ServedMetanet implements ServedModel {

    private final RunConfig config;
    private final Architecture architecture;
    private final NDManager manager;
    private final long parameters;
    private final Evaluator evaluator;
    private final Batcher<float[], ClassAnswer> batcher;

    private ServedMetanet(RunConfig config, NDManager manager, Metanet model, ModelWorker worker, BatchSettings batch) {
        this.config = config;
        this.architecture = model.architecture();
        this.manager = manager;
        this.parameters = model.parameterCount();
        this.evaluator = new Evaluator(model, manager, config.training().microBatchSize());
        this.batcher = new Batcher<>(batch, worker, this::answers);
    }

    static ServedMetanet load(RunDirectory run, ModelWorker worker, BatchSettings batch) throws IOException {
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        try {
            return new ServedMetanet(run.config(), manager, run.load(manager), worker, batch);
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public String kind() {
        return "metanet";
    }

    @Override
    public List<Operation> operations() {
        return config.task().equals(InrClassification.NAME) ? List.of(Operation.CLASSIFY) : List.of();
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("model", config.model().name());
        facts.put("task", config.task());
        facts.put("outputs", config.outputNames());
        facts.put("parameters", parameters);
        facts.put("reads", architecture.toString());
        facts.put("reads_parameters", architecture.parameterCount());
        facts.put("fingerprint", architecture.fingerprint());
        facts.put("data_set", config.provenance().dataSet());
        facts.put("seed", config.provenance().seed());
        return facts;
    }

    /** Returns the architecture whose rows are read. */
    public Architecture architecture() {
        return architecture;
    }

    /**
     * Says what a network shows.
     *
     * @param row [P]
     */
    public CompletableFuture<ClassAnswer> classify(float[] row) {
        architecture.requireRowLength(row.length);
        return batcher.submit(row); // itself: cancelling what depends on it would not be seen there
    }

    private List<ClassAnswer> answers(List<float[]> rows) {
        int[] all = IntStream.range(0, rows.size()).toArray();
        return Arrays.stream(evaluator.outputs(RowSource.of(rows), all))
                .map(outputs -> ClassAnswer.of(outputs, config.outputNames()))
                .toList();
    }

    @Override
    public void close() {
        manager.close();
    }
}
