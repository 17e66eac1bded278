package dev.weft.cli.bench;

import dev.weft.checkpoints.Zoo;
import dev.weft.cli.model.TrainSettings;
import dev.weft.cli.model.TrainingJob;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";
    private static final double KIBIBYTES_PER_MEBIBYTE = 1024;

    private TrainingMemory() {}

    /** Trains and returns the peak, or nothing where the system does not tell. */
    static OptionalDouble peakMebibytes(BenchContext context) throws IOException {
        if (!Files.isReadable(STATUS)) {
            LOG.warn("no figure for memory: this system has no {}", STATUS);
            return OptionalDouble.empty();
        }
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            train(context, folder.path());
        }
        OptionalDouble peak = peakMebibytes(Files.readAllLines(STATUS));
        if (peak.isEmpty()) {
            LOG.warn("no figure for memory: {} does not tell {}", STATUS, PEAK);
        }
        return peak;
    }

    /** Finds the peak among lines such as {@code VmHWM:   123456 kB}. */
    static OptionalDouble peakMebibytes(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(PEAK))
                .map(line -> line.substring(PEAK.length()).strip().split(" ")[0])
                .mapToDouble(kibibytes -> Long.parseLong(kibibytes) / KIBIBYTES_PER_MEBIBYTE)
                .findFirst();
    }

    private static void train(BenchContext context, Path folder) throws IOException {
        Path zooFolder = folder.resolve("zoo");
        int networks = context.workload().memoryNetworks();
        new RandomInrs(InrRecipe.dws().architecture(1), networks, context.seed().split("memory")).writeZoo(zooFolder);
        TrainSettings.NeuralGraph settings = (TrainSettings.NeuralGraph) TrainSettings.defaults("ng-gnn");
        try (Zoo zoo = Zoo.open(zooFolder)) {
            TrainingJob job = new TrainingJob(zoo, zooFolder, "run the benchmark again");
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
