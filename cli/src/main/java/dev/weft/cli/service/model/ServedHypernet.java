package dev.weft.cli.service.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.graph.ComputationGraph;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnWeights;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.PredictedNetwork;
import dev.weft.hypernets.ghn.TieBreaking;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A graph hypernetwork. */
public final class ServedHypernet implements ServedModel {

    private final NDManager manager;
    private final GraphHyperNetwork model;

    private ServedHypernet(NDManager manager, GraphHyperNetwork model) {
        this.manager = manager;
        this.model = model;
    }

    /** Loads a run's folder or a file of released weights. */
    static ServedHypernet load(Path path) throws IOException {
        NDManager manager = NDManager.newBaseManager(Device.cpu());
        try {
            return new ServedHypernet(manager, GhnWeights.load(path, manager));
        } catch (IOException | RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public String kind() {
        return "hypernet";
    }

    @Override
    public List<Operation> operations() {
        return List.of(Operation.PARAMETERS, Operation.EMBEDDING);
    }

    @Override
    public Map<String, Object> facts() {
        GhnConfig config = model.config();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("hidden", config.hidden());
        facts.put("channels", config.channels());
        facts.put("classes", config.classes());
        facts.put("parameters", model.parameterCount());
        return facts;
    }

    /** Writes a network's parameters; to be called in the model's worker. */
    PredictedNetwork predict(Architecture architecture, boolean newClasses, Seed seed) {
        try (NDManager request = manager.newSubManager()) {
            return PredictedNetwork.of(model, request, architecture, newClasses, TieBreaking.NONE, seed);
        }
    }

    /** Describes a network [d]; to be called in the model's worker. */
    double[] embed(Architecture architecture) {
        return model.embedding(manager, ComputationGraph.of(architecture));
    }

    @Override
    public void close() {
        manager.close();
    }
}
