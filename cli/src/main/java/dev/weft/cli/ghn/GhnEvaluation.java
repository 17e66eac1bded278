package dev.weft.cli.ghn;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Split;
import dev.weft.cli.report.Statistics;
import dev.weft.cli.report.Table;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.PredictedAccuracy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How good predicted networks are on test images, for each split of architectures that was not trained on.
 *
 * @param run the run's folder
 * @param images that they were tried on
 */
public record GhnEvaluation(String run, int images, List<Line> splits) {

    /**
     * One split.
     *
     * @param mean accuracy of its networks
     * @param error standard error of the mean
     * @param best accuracy
     */
    public record Line(String split, int networks, double mean, double error, double best) {}

    /** Predicts and runs all networks of a file. */
    public static GhnEvaluation of(Path folder, Path file, ImageOptions images, Device device) throws IOException {
        GhnRun run = GhnRun.open(folder);
        GhnData data = GhnData.of(run, file, images);
        data.requireWithinRange(run.config().model());
        List<Line> lines = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager(device)) {
            GraphHyperNetwork model = run.load(manager);
            for (ArchitectureSplit split : ArchitectureSplit.values()) {
                List<SampledNetwork> networks = data.networks(split);
                if (split != ArchitectureSplit.TRAIN && !networks.isEmpty()) {
                    lines.add(line(split, networks, model, data, manager));
                }
            }
        }
        return new GhnEvaluation(folder.toString(), data.images(Split.TEST).size(), lines);
    }

    private static Line line(
            ArchitectureSplit split,
            List<SampledNetwork> networks,
            GraphHyperNetwork model,
            GhnData data,
            NDManager manager) {
        double[] accuracies = networks.stream()
                .mapToDouble(
                        network -> PredictedAccuracy.of(model, manager, network.architecture(), data.images(Split.TEST))
                                .accuracy())
                .toArray();
        return new Line(
                split.text(),
                accuracies.length,
                Statistics.mean(accuracies),
                Statistics.standardError(accuracies),
                Arrays.stream(accuracies).max().orElseThrow());
    }

    /** Prints a table. */
    public void print(PrintWriter text) {
        Table table = new Table("split", "networks", "accuracy", "s.e.", "best");
        for (Line line : splits) {
            table.row(line.split, line.networks, percent(line.mean), percent(line.error), percent(line.best));
        }
        text.printf(Locale.ROOT, "%s: networks with predicted parameters on %,d test images%n%n", run, images);
        text.print(table);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
