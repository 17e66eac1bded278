package dev.weft.cli.results;

import dev.weft.cli.model.TrainSettings;
import dev.weft.datasets.augment.AugmentationConfig;
import dev.weft.metanets.model.FlatMlp;
import dev.weft.metanets.model.NgGnn;
import dev.weft.metanets.model.ProbeGen;
import dev.weft.metanets.model.StatNn;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.metanets.task.TrainingConfig;
import java.util.List;

/**
 * What {@code weft results inr-classification} trains, one component a metanet of the table, from the baseline that knows
 * nothing to the metanet that knows most. Sized for ten thousand networks 2-32-32-1 on two cores.
 */
record ResultsSettings(
        TrainSettings.Mlp mlp,
        TrainSettings.Statistics statnn,
        TrainSettings.Probing probegen,
        TrainSettings.NeuralGraph ngGnn0,
        TrainSettings.NeuralGraph ngGnn64) {

    /** The names of {@code --models} and of run directories, in the order of the table. */
    static final List<String> MODELS = List.of("mlp", "statnn", "probegen", "ng-gnn-0", "ng-gnn-64");

    /** The components above, as {@code --set} names them, in the same order. */
    private static final List<String> KEYS = List.of("mlp", "statnn", "probegen", "ngGnn0", "ngGnn64");

    /**
     * One metanet of the table.
     *
     * @param name one of {@link #MODELS}
     * @param label for people
     */
    record Entry(String name, String label, TrainSettings settings) {}

    /** NG-GNN learns with smooth encoders, forward messages and residual updates, as in the quickstart. */
    static ResultsSettings defaults() {
        NgGnn.Config graph =
                new NgGnn.Config(32, 4, 128, 0.3, false, 0, NodeNorm.Over.NODE, true, NgGnn.Config.KEEPS_VARIANCE, 0);
        AugmentationConfig none = AugmentationConfig.NONE;
        AugmentationConfig flips = none.withSignFlips();
        TrainingConfig graphTraining = training(12, 2e-3, 16);
        return new ResultsSettings(
                new TrainSettings.Mlp(FlatMlp.Config.DEFAULT, training(40, 1e-3, 32), none),
                new TrainSettings.Statistics(StatNn.Config.DEFAULT, training(60, 1e-3, 32), none),
                new TrainSettings.Probing(ProbeGen.Config.DEFAULT, training(40, 1e-3, 32), none),
                new TrainSettings.NeuralGraph(graph, graphTraining, flips),
                new TrainSettings.NeuralGraph(graph.withProbes(64), graphTraining, flips));
    }

    private static TrainingConfig training(int epochs, double rate, int microBatch) {
        return new TrainingConfig(epochs, 32, microBatch, rate, 5e-4, true, 100, TrainingConfig.Schedule.COSINE, 10, 0);
    }

    /**
     * Returns the key of a metanet's epochs for {@code --set}.
     *
     * @throws IllegalArgumentException if there is no such metanet
     */
    static String epochsKey(String model) {
        return KEYS.get(indexOf(model)) + ".training.epochs";
    }

    /**
     * Returns the metanets of these names, in the order of the table.
     *
     * @throws IllegalArgumentException if there is no such metanet
     */
    List<Entry> entries(List<String> names) {
        List<Entry> all = List.of(
                new Entry(MODELS.get(0), "flat MLP", mlp),
                new Entry(MODELS.get(1), "StatNN", statnn),
                new Entry(MODELS.get(2), "ProbeGen-style", probegen),
                new Entry(MODELS.get(3), graphLabel(ngGnn0), ngGnn0),
                new Entry(MODELS.get(4), graphLabel(ngGnn64), ngGnn64));
        return names.stream()
                .map(ResultsSettings::indexOf)
                .distinct()
                .sorted()
                .map(all::get)
                .toList();
    }

    private static String graphLabel(TrainSettings.NeuralGraph settings) {
        return "NG-GNN, " + settings.model().probes() + " probes";
    }

    private static int indexOf(String model) {
        int index = MODELS.indexOf(model);
        if (index < 0) {
            throw new IllegalArgumentException("no model '" + model + "' in the table; there are " + MODELS);
        }
        return index;
    }
}
