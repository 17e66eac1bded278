package dev.weft.cli.ghn;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Split;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.datasets.architecture.ScratchTraining;
import dev.weft.graph.ComputationGraph;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.PredictedAccuracy;
import dev.weft.hypernets.property.KendallTau;
import dev.weft.hypernets.property.RidgeSearch;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How well networks can be ranked without training them to the end (Knyazev et al. 2021, section 4.3): Kendall's tau between
 * what says so early and the accuracy of the trained networks. Regressions on the hypernetwork's descriptions are fitted to
 * trained validation networks; all are judged on trained test networks.
 *
 * @param run of the hypernetwork
 * @param data what they were trained on
 * @param training how, see {@link dev.weft.datasets.training.TrainingRecipe#provenance}
 * @param seed of their training
 * @param fitted validation networks
 * @param tested test networks
 * @param epochs that they were trained for
 * @param diverged how many of both did not come through training; they count with the accuracy of guessing
 * @param accuracy mean of the trained test networks
 */
public record PropertyPrediction(
        String run,
        GhnData.Description data,
        Map<String, String> training,
        long seed,
        int fitted,
        int tested,
        int epochs,
        int diverged,
        double accuracy,
        List<Line> predictors) {

    /**
     * One way to tell.
     *
     * @param tau NaN if it says the same of all networks
     */
    public record Line(String predictor, double tau) {}

    /**
     * What is to be compared.
     *
     * @param run of a graph hypernetwork
     * @param architectures the file that it was trained on
     * @param images that it was trained on
     * @param accuracies where trained networks are noted; what is there already is not trained again
     * @param networks of each of the two splits at most
     * @param epochs to train for
     */
    public record Plan(Path run, Path architectures, ImageOptions images, Path accuracies, int networks, int epochs) {}

    /** Trains what is not noted yet, and compares. */
    public static PropertyPrediction of(Plan plan, Seed seed, ProgressOption progress, Interruption stop)
            throws IOException {
        GhnRun run = GhnRun.open(plan.run);
        GhnData data = GhnData.of(run, plan.architectures, plan.images);
        data.requireWithinRange(run.config().model());
        ScratchTraining training =
                new ScratchTraining(data.images(Split.TRAIN), data.images(Split.TEST), data.classes(), plan.epochs);
        Map<String, String> recipe = training.recipe().provenance();
        AccuracyLog log = AccuracyLog.open(
                plan.accuracies, "trained on " + data.description() + " with " + recipe + ", seed " + seed.value());
        List<SampledNetwork> fitted = first(data, ArchitectureSplit.VAL, RidgeSearch.FOLDS, plan);
        List<SampledNetwork> tested = first(data, ArchitectureSplit.TEST, 2, plan);
        List<SampledNetwork> all = new ArrayList<>(tested);
        all.addAll(fitted);
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            train(all, training, log, manager, seed.split("scratch"), progress, stop);
            Comparison comparison = new Comparison(run.load(manager), manager, data, log);
            return comparison.of(plan, recipe, fitted, tested, seed);
        }
    }

    private static List<SampledNetwork> first(GhnData data, ArchitectureSplit split, int least, Plan plan) {
        List<SampledNetwork> networks =
                data.networks(split).stream().limit(Math.max(0, plan.networks)).toList();
        if (networks.size() < least) {
            throw new IllegalArgumentException(plan.architectures + ": expected at least " + least
                    + " networks in split " + split.text() + ", got " + networks.size());
        }
        return networks;
    }

    private static void train(
            List<SampledNetwork> networks,
            ScratchTraining training,
            AccuracyLog log,
            NDManager manager,
            Seed seed,
            ProgressOption progress,
            Interruption stop)
            throws IOException {
        try (Progress line = progress.start("Training from scratch", networks.size(), "networks")) {
            for (int i = 0; i < networks.size(); i++) {
                SampledNetwork network = networks.get(i);
                if (log.find(network.id()).isEmpty()) {
                    long start = System.nanoTime();
                    Optional<ScratchTraining.Outcome> outcome =
                            training.train(manager, network.architecture(), seed.split(network.id()), stop);
                    if (outcome.isEmpty()) {
                        throw new InterruptedJobException(
                                i + " of " + networks.size() + " networks are noted", "run the same command again");
                    }
                    log.append(network.id(), outcome.get(), (System.nanoTime() - start) * 1e-9);
                }
                double last = log.find(network.id()).orElseThrow().last();
                line.update(i + 1, String.format(Locale.ROOT, "%s %.1f %%", network.id(), 100 * last));
            }
        }
    }

    /** The ways to tell, on networks whose accuracies are noted. */
    private record Comparison(GraphHyperNetwork model, NDManager manager, GhnData data, AccuracyLog log) {

        PropertyPrediction of(
                Plan plan,
                Map<String, String> recipe,
                List<SampledNetwork> fitted,
                List<SampledNetwork> tested,
                Seed seed) {
            double[] truth = accuracies(tested);
            double[] known = accuracies(fitted);
            double[][] descriptions = descriptions(fitted);
            double[][] asked = descriptions(tested);
            List<Line> lines = new ArrayList<>();
            add(lines, "accuracy with predicted parameters", truth, predicted(tested));
            add(
                    lines,
                    "ridge regression on embeddings",
                    truth,
                    RidgeSearch.linear(descriptions, known, seed.split("folds")).predict(asked));
            add(
                    lines,
                    "kernel regression on embeddings",
                    truth,
                    RidgeSearch.gaussian(descriptions, known, seed.split("folds"))
                            .predict(asked));
            add(
                    lines,
                    "number of parameters",
                    truth,
                    tested.stream().mapToDouble(SampledNetwork::parameters).toArray());
            add(
                    lines,
                    "accuracy after 1 epoch",
                    truth,
                    tested.stream()
                            .mapToDouble(network -> noted(network).accuracies().get(0))
                            .toArray());
            long diverged =
                    fitted.stream().filter(network -> noted(network).diverged()).count()
                            + tested.stream()
                                    .filter(network -> noted(network).diverged())
                                    .count();
            double mean = Arrays.stream(truth).average().orElse(0);
            return new PropertyPrediction(
                    plan.run.toString(),
                    data.description(),
                    recipe,
                    seed.value(),
                    fitted.size(),
                    tested.size(),
                    plan.epochs,
                    (int) diverged,
                    mean,
                    lines);
        }

        private static void add(List<Line> lines, String predictor, double[] truth, double[] said) {
            lines.add(new Line(predictor, KendallTau.of(said, truth)));
        }

        private AccuracyLog.Entry noted(SampledNetwork network) {
            return log.find(network.id()).orElseThrow();
        }

        private double[] accuracies(List<SampledNetwork> networks) {
            return networks.stream()
                    .mapToDouble(network -> noted(network).last())
                    .toArray();
        }

        private double[] predicted(List<SampledNetwork> networks) {
            return networks.stream()
                    .mapToDouble(network -> PredictedAccuracy.of(
                                    model, manager, network.architecture(), data.images(Split.TEST))
                            .accuracy())
                    .toArray();
        }

        private double[][] descriptions(List<SampledNetwork> networks) {
            return networks.stream()
                    .map(network -> model.embedding(manager, ComputationGraph.of(network.architecture())))
                    .toArray(double[][]::new);
        }
    }
}
