package dev.weft.cli.load;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weft.cli.quickstart.QuickstartPlan;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.GhnTraining;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.metanets.model.MetanetConfig;
import dev.weft.metanets.model.Normalization;
import dev.weft.metanets.model.ProbeGen;
import dev.weft.metanets.nn.WeightSpaceBlock;
import dev.weft.metanets.task.InrClassification;
import dev.weft.metanets.task.ModelFile;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.metanets.task.TrainingConfig;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of models to put load on. Untrained ones answer as fast as others, so what nobody gives is made from a seed; only a
 * forecaster is not, which has no run without training.
 */
public final class LoadModels {

    /** The workload that is left out where there are no weights for it. */
    public static final String NOWCAST = "nowcast of 1 million parameters";

    private static final String COMMAND = "weft results service";
    private static final int CLASSES = 10;

    /** GHN-3-T for ImageNet. */
    private static final GhnConfig HYPERNET = GhnConfig.ghn3(64, 64, 16, 1000, 3, 8);

    private final Path folder;
    private final Seed seed;
    private final Requests requests;

    private LoadModels(Path folder, Seed seed) {
        this.folder = folder;
        this.seed = seed;
        this.requests = new Requests(seed.split("requests"));
    }

    /**
     * Makes or copies the models.
     *
     * @param folder new
     * @param runs of metanets that classify implicit networks, none for two like the quickstart's
     * @param nowcaster weights of NiNo or WNN+, none to leave it out
     * @return what can be asked of them
     */
    public static List<Workload> write(Path folder, List<Path> runs, @Nullable Path nowcaster, Seed seed)
            throws IOException {
        LoadModels models = new LoadModels(folder, seed);
        List<Workload> workloads = new ArrayList<>();
        if (runs.isEmpty()) {
            Architecture inr = QuickstartPlan.inrs().architecture(1);
            workloads.add(models.metanet("ng-gnn", QuickstartPlan.NG_GNN.withProbes(QuickstartPlan.PROBES), inr));
            workloads.add(models.metanet("probegen", ProbeGen.Config.DEFAULT, inr));
        }
        for (Path run : runs) {
            workloads.add(models.given(run));
        }
        workloads.add(models.hypernet());
        if (nowcaster != null) {
            workloads.add(models.nowcaster(nowcaster));
        }
        return workloads;
    }

    private Workload metanet(String name, MetanetConfig model, Architecture inr) throws IOException {
        RunConfig config = new RunConfig(
                RunConfig.FORMAT,
                RunConfig.VERSION,
                InrClassification.NAME,
                IntStream.range(0, CLASSES).mapToObj(String::valueOf).toList(),
                model,
                RunDirectory.json(inr),
                Normalization.none(inr),
                TrainingConfig.DEFAULT,
                JsonNodeFactory.instance.objectNode(),
                provenance());
        RunDirectory run = RunDirectory.create(folder.resolve(name), config);
        write(run.config().build(), run.folder());
        return requests.classify(name, "untrained", inr);
    }

    private Workload given(Path run) throws IOException {
        RunConfig config = RunDirectory.open(run).config();
        if (!config.task().equals(InrClassification.NAME)) {
            throw new IllegalArgumentException(
                    run + ": expected a run for " + InrClassification.NAME + ", found " + config.task());
        }
        String name = String.valueOf(run.toAbsolutePath().normalize().getFileName());
        Path copy = Files.createDirectories(folder.resolve(name));
        for (String file : List.of(RunDirectory.CONFIG, RunDirectory.MODEL)) {
            Files.copy(run.resolve(file), copy.resolve(file));
        }
        return requests.classify(name, "trained", config.build().architecture());
    }

    private Workload hypernet() throws IOException {
        Path run = folder.resolve("ghn-3");
        GhnRun.create(run, HYPERNET, GhnTraining.DEFAULT, JsonNodeFactory.instance.objectNode(), provenance());
        write(new GraphHyperNetwork(HYPERNET, seed.split("ghn-3")), run);
        return requests.parameters("ghn-3");
    }

    private Workload nowcaster(Path weights) throws IOException {
        String file = String.valueOf(weights.getFileName());
        String extension = file.substring(Math.max(0, file.lastIndexOf('.')));
        Files.copy(weights, folder.resolve("nowcaster" + extension));
        return requests.nowcast("nowcaster", file);
    }

    private Provenance provenance() {
        return Provenance.of(COMMAND, "none", "", seed.value());
    }

    private static void write(WeightSpaceBlock model, Path run) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            model.initialize(manager, DataType.FLOAT32);
            ModelFile.write(run.resolve(RunDirectory.MODEL), model, ModelFile.values(model));
        }
    }
}
