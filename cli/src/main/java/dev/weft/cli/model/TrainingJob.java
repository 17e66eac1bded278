package dev.weft.cli.model;

import ai.djl.Device;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooManifest;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.report.Progress;
import dev.weft.datasets.augment.AugmentationConfig;
import dev.weft.datasets.augment.AugmentedRows;
import dev.weft.metanets.model.MetanetConfig;
import dev.weft.metanets.model.Normalization;
import dev.weft.metanets.task.InrClassification;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RowSource;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.metanets.task.Trainer;
import dev.weft.metanets.task.TrainingConfig;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains one metanet on a zoo to its end, test score included, with progress. */
public final class TrainingJob {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingJob.class);

    private final Zoo zoo;
    private final Path zooFolder;
    private final String resume;
    private final Device device;

    /** Opens a progress line for so many rows. */
    public interface ProgressLine extends Function<Long, Progress> {}

    /**
     * What came of it.
     *
     * @param run the directory
     * @param model name as in {@code config.json}
     * @param epochs done
     * @param bestEpoch the one that was kept, counted from 1
     * @param validationAccuracy of that epoch
     * @param secondsPerEpoch mean, validation included
     * @param test of the kept model, looked at once
     */
    public record Result(
            String run,
            String model,
            int epochs,
            int bestEpoch,
            double validationAccuracy,
            double secondsPerEpoch,
            Evaluation test) {}

    /**
     * Trains on the CPU.
     *
     * @param resume how to go on with a run that was told to stop
     */
    public TrainingJob(Zoo zoo, Path zooFolder, String resume) {
        this(zoo, zooFolder, resume, Device.cpu());
    }

    /**
     * @param resume how to go on with a run that was told to stop
     * @param device where to train and to test
     */
    public TrainingJob(Zoo zoo, Path zooFolder, String resume, Device device) {
        this.zoo = zoo;
        this.zooFolder = zooFolder;
        this.resume = resume;
        this.device = device;
    }

    /** Begins a run directory from settings; normalisation is measured on the training rows. */
    public RunDirectory create(
            Path out,
            MetanetConfig model,
            TrainingConfig training,
            AugmentationConfig augmentation,
            Seed seed,
            String command)
            throws IOException {
        Architecture architecture = zoo.header().architecture();
        List<float[]> rows =
                Arrays.stream(zoo.rows(Split.TRAIN)).mapToObj(zoo::parameters).toList();
        InrClassification task = InrClassification.of(zoo);
        RunConfig config = new RunConfig(
                RunConfig.FORMAT,
                RunConfig.VERSION,
                task.name(),
                task.outputNames(),
                model,
                RunDirectory.json(architecture),
                Normalization.of(architecture, rows),
                training,
                RunDirectory.json(augmentation),
                Provenance.of(command, zoo.header().name(), ZooManifest.digest(zooFolder), seed.value()));
        return RunDirectory.create(out, config);
    }

    /**
     * Trains a run to its end.
     *
     * @throws InterruptedJobException if it was told to stop
     */
    public Result train(RunDirectory run, ProgressLine progress, Interruption stop) throws IOException {
        String digest = ZooManifest.digest(zooFolder);
        if (!digest.equals(run.config().provenance().dataDigest())) {
            throw new IllegalArgumentException(run.folder() + " was begun with another zoo: digest "
                    + run.config().provenance().dataDigest() + ", but " + zooFolder + " has " + digest);
        }
        if (!run.finished()) {
            TestScore.forget(run);
            fit(run, progress, stop);
        }
        return result(run);
    }

    private void fit(RunDirectory run, ProgressLine progress, Interruption stop) throws IOException {
        int[] training = zoo.rows(Split.TRAIN);
        AugmentationConfig augmentation = run.augmentation(AugmentationConfig.class);
        RowSource plain = RowSource.of(zoo);
        RowSource varied = augmentation.equals(AugmentationConfig.NONE) ? plain : new AugmentedRows(zoo, augmentation);
        Trainer trainer = new Trainer(run, InrClassification.of(zoo), varied, plain, training, zoo.rows(Split.VAL));
        long total = (long) training.length * run.config().training().epochs();
        try (Progress line = progress.apply(total)) {
            line.resumeAt((long) training.length * run.metrics().size());
            Trainer.Outcome outcome = trainer.train(device, new Report(line), stop);
            if (!outcome.finished()) {
                throw new InterruptedJobException(
                        outcome.epochs() + " of " + run.config().training().epochs() + " epochs are kept", resume);
            }
        }
    }

    /** Shows epochs on the progress line. */
    private static final class Report implements Trainer.Listener {
        private final Progress line;
        private String detail = "";

        Report(Progress line) {
            this.line = line;
        }

        @Override
        public void advanced(int epoch, int done, int rows) {
            line.update((long) (epoch - 1) * rows + done, "epoch " + epoch + detail);
        }

        @Override
        public void epochDone(Trainer.Epoch epoch) {
            double accuracy = epoch.validation().getOrDefault("accuracy", Double.NaN);
            detail = String.format(
                    Locale.ROOT, ", loss %.3f, validation accuracy %.1f %%", epoch.trainingLoss(), 100 * accuracy);
            LOG.debug("epoch {}{}", epoch.epoch(), detail);
        }
    }

    private Result result(RunDirectory run) throws IOException {
        List<JsonNode> epochs = run.metrics();
        if (epochs.isEmpty()) {
            throw new FormatException.Corrupt(
                    run.folder().resolve(RunDirectory.METRICS).toString(),
                    "expected a line for each epoch, found none");
        }
        int best = 0;
        double seconds = 0;
        for (int i = 0; i < epochs.size(); i++) {
            best = accuracy(epochs.get(i)) > accuracy(epochs.get(best)) ? i : best;
            seconds += epochs.get(i).path("seconds").asDouble();
        }
        Evaluation test = TestScore.of(run, zoo, device);
        Result result = new Result(
                run.folder().toString(),
                run.config().model().name(),
                epochs.size(),
                best + 1,
                accuracy(epochs.get(best)),
                seconds / epochs.size(),
                test);
        ModelCard.write(run, result);
        return result;
    }

    private static double accuracy(JsonNode epoch) {
        return epoch.path("val_accuracy").asDouble();
    }
}
