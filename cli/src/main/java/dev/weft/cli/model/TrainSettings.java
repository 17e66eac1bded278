package dev.weft.cli.model;

import dev.weft.datasets.augment.AugmentationConfig;
import dev.weft.metanets.model.FlatMlp;
import dev.weft.metanets.model.MetanetConfig;
import dev.weft.metanets.model.NgGnn;
import dev.weft.metanets.model.ProbeGen;
import dev.weft.metanets.model.StatNn;
import dev.weft.metanets.task.TrainingConfig;
import java.util.List;

/** What {@code --config} and {@code --set} can change: one record a model, so that every key is checked. */
public sealed interface TrainSettings {

    /** The names of {@code --model}, as in a run's {@code config.json}. */
    List<String> MODELS = List.of("mlp", "statnn", "probegen", "ng-gnn");

    MetanetConfig model();

    TrainingConfig training();

    AugmentationConfig augmentation();

    /** Settings of {@code --model mlp}. */
    record Mlp(FlatMlp.Config model, TrainingConfig training, AugmentationConfig augmentation)
            implements TrainSettings {}

    /** Settings of {@code --model statnn}. */
    record Statistics(StatNn.Config model, TrainingConfig training, AugmentationConfig augmentation)
            implements TrainSettings {}

    /** Settings of {@code --model probegen}. */
    record Probing(ProbeGen.Config model, TrainingConfig training, AugmentationConfig augmentation)
            implements TrainSettings {}

    /** Settings of {@code --model ng-gnn}. */
    record NeuralGraph(NgGnn.Config model, TrainingConfig training, AugmentationConfig augmentation)
            implements TrainSettings {}

    /**
     * Returns the defaults of a model.
     *
     * @param name one of {@link #MODELS}
     * @throws IllegalArgumentException if there is no such model
     */
    static Record defaults(String name) {
        TrainingConfig training = TrainingConfig.DEFAULT;
        return switch (name) {
            case "mlp" -> new Mlp(FlatMlp.Config.DEFAULT, training, AugmentationConfig.NONE);
            case "statnn" -> new Statistics(StatNn.Config.DEFAULT, training, AugmentationConfig.NONE);
            case "probegen" -> new Probing(ProbeGen.Config.DEFAULT, training, AugmentationConfig.NONE);
            case "ng-gnn" -> new NeuralGraph(NgGnn.Config.DEFAULT, training, AugmentationConfig.NONE.withSignFlips());
            default -> throw new IllegalArgumentException("no model '" + name + "'; there are " + MODELS);
        };
    }
}
