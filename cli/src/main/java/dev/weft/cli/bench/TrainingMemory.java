package dev.weft.cli.bench;

import dev.weft.checkpoints.Zoo;
import dev.weft.cli.model.TrainSettings;
import dev.weft.cli.model.TrainingJob;
import dev.weft.cli.report.ResidentMemory;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The most memory that a process holds which trains NG-GNN for an epoch with the default settings, Java's heap and
 * libtorch together. Linux remembers it for the process's life, so this must come before other work.
 */
final class TrainingMemory {

    /** Weft trains small metanets in 2 GiB. */
    static final double BOUND_MEBIBYTES = 2048;

    private static final Logger LOG = LoggerFactory.getLogger(TrainingMemory.class);

    private TrainingMemory() {}

    /** Trains and returns the peak, or nothing where the system does not tell. */
    static OptionalDouble peakMebibytes(BenchContext context) throws IOException {
        if (ResidentMemory.peak().isEmpty()) {
            LOG.warn("no figure for memory: this system does not tell how much is resident");
            return OptionalDouble.empty();
        }
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            train(context, folder.path());
        }
        return ResidentMemory.peak();
    }

    private static void train(BenchContext context, Path folder) throws IOException {
        Path zooFolder = folder.resolve("zoo");
        int networks = context.workload().memoryNetworks();
        new RandomInrs(InrRecipe.dws().architecture(1), networks, context.seed().split("memory")).writeZoo(zooFolder);
        TrainSettings.NeuralGraph settings = (TrainSettings.NeuralGraph) TrainSettings.defaults("ng-gnn");
        try (Zoo zoo = Zoo.open(zooFolder)) {
            TrainingJob job = new TrainingJob(zoo, zooFolder, "run weft bench again", context.device());
            RunDirectory run = job.create(
                    folder.resolve("run"),
                    settings.model(),
                    settings.training().withEpochs(1),
                    settings.augmentation(),
                    context.seed(),
                    "weft bench");
            job.train(run, total -> context.lines().start("Training for memory", total, "networks"), context.stop());
        }
    }
}
