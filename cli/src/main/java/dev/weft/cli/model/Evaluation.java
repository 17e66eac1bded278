package dev.weft.cli.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.task.Evaluator;
import dev.weft.metanets.task.InrClassification;
import dev.weft.metanets.task.RowSource;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a run does on one split of a zoo.
 *
 * @param run its directory
 * @param zoo name of the zoo
 * @param split which rows
 * @param networks how many
 * @param metrics figures by name
 * @param classes names of the classes
 * @param confusion networks by true class (first index) and answer (second index)
 * @param parameters trained values of the metanet
 */
public record Evaluation(
        String run,
        String zoo,
        Split split,
        int networks,
        Map<String, Double> metrics,
        List<String> classes,
        int[][] confusion,
        long parameters) {

    /** Runs the best model of a run on a split. */
    public static Evaluation of(RunDirectory run, Zoo zoo, Split split, Device device) throws IOException {
        checkArchitecture(run, zoo);
        InrClassification task = InrClassification.of(zoo);
        if (!task.outputNames().equals(run.config().outputNames())) {
            throw new IllegalArgumentException("the run knows the classes "
                    + run.config().outputNames() + ", but the zoo has " + task.outputNames());
        }
        int[] rows = zoo.rows(split);
        if (rows.length == 0) {
            throw new IllegalArgumentException("the zoo has no networks in split " + split.text());
        }
        try (NDManager manager = NDManager.newBaseManager(device)) {
            Metanet model = run.load(manager);
            int batch = run.config().training().microBatchSize();
            float[][] outputs = new Evaluator(model, manager, batch).outputs(RowSource.of(zoo), rows);
            return new Evaluation(
                    run.folder().toString(),
                    zoo.header().name(),
                    split,
                    rows.length,
                    task.score(outputs, rows),
                    task.outputNames(),
                    task.confusion(outputs, rows),
                    model.parameterCount());
        }
    }

    private static void checkArchitecture(RunDirectory run, Zoo zoo) throws FormatException {
        if (!zoo.header().architecture().equals(run.config().architecture())) {
            throw new IllegalArgumentException("the run reads " + run.config().architecture() + ", but the zoo has "
                    + zoo.header().architecture() + " (fingerprints "
                    + run.config().architecture().fingerprint().substring(0, 12) + " and "
                    + zoo.header().architecture().fingerprint().substring(0, 12) + ")");
        }
    }

    /** Returns the same for a run whose directory has another path now. */
    Evaluation movedTo(Path folder) {
        return new Evaluation(folder.toString(), zoo, split, networks, metrics, classes, confusion, parameters);
    }

    public double accuracy() {
        return metrics.getOrDefault("accuracy", Double.NaN);
    }
}
