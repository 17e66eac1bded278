package dev.weft.cli.service;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.weft.checkpoints.ZooExport;
import dev.weft.cli.nowcast.SmallWnn;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.GhnTraining;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.metanets.model.FlatMlp;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.model.Normalization;
import dev.weft.metanets.nn.WeightSpaceBlock;
import dev.weft.metanets.task.InrClassification;
import dev.weft.metanets.task.ModelFile;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.metanets.task.TrainingConfig;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A folder with one small untrained model of each kind: {@code metanet}, {@code ghn} and {@code wnn}. */
public final class SmallModels {

    /** What the metanet reads: 2-4-1, 17 parameters. */
    public static final Architecture SIREN = Siren.of(List.of(2, 4, 1), 30, 0.5);

    private SmallModels() {}

    public static Path write(Path folder) throws IOException {
        metanet(folder.resolve("metanet"), InrClassification.NAME, 1);
        hypernet(folder.resolve("ghn"));
        Files.createDirectories(folder);
        SmallWnn.weights(folder);
        return folder;
    }

    /** Writes a run with the values that a seed gives, for three classes. */
    public static void metanet(Path folder, String task, long seed) throws IOException {
        metanet(folder, task, seed, List.of("low", "middle", "high"));
    }

    /** Writes a run with the values that a seed gives. */
    public static void metanet(Path folder, String task, long seed, List<String> classes) throws IOException {
        RunConfig config = new RunConfig(
                RunConfig.FORMAT,
                RunConfig.VERSION,
                task,
                classes,
                new FlatMlp.Config(8, 1, 0),
                RunDirectory.json(SIREN),
                Normalization.none(SIREN),
                TrainingConfig.DEFAULT,
                JsonNodeFactory.instance.objectNode(),
                provenance(seed));
        RunDirectory run = RunDirectory.create(folder, config);
        Metanet model = run.config().build();
        finish(folder, model);
        Files.writeString(folder.resolve("card.md"), "# a small one\n");
    }

    private static void hypernet(Path folder) throws IOException {
        GhnConfig config = GhnConfig.ghn2(8, 8, 4, 10);
        GhnRun.create(folder, config, GhnTraining.DEFAULT, JsonNodeFactory.instance.objectNode(), provenance(1));
        finish(folder, new GraphHyperNetwork(config, new Seed(1)));
    }

    private static Provenance provenance(long seed) {
        return Provenance.of("", "none", "0", seed);
    }

    private static void finish(Path folder, WeightSpaceBlock model) throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            model.initialize(manager, DataType.FLOAT32);
            ModelFile.write(folder.resolve(RunDirectory.MODEL), model, ModelFile.values(model));
        }
    }

    /** Returns parameters of a network that the metanet reads. */
    public static float[] row(long seed) {
        RandomGenerator random = new Seed(seed).random();
        float[] row = new float[(int) SIREN.parameterCount()];
        for (int i = 0; i < row.length; i++) {
            row[i] = (float) random.nextGaussian();
        }
        return row;
    }

    /** Writes such a network as safetensors. */
    public static byte[] checkpoint(Path folder, long seed) throws IOException {
        Path file = folder.resolve("siren-" + seed + ".safetensors");
        ZooExport.write(SIREN, row(seed), Map.of(), file);
        return Files.readAllBytes(file);
    }
}
