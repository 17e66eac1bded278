package dev.weft.cli.results;

import dev.weft.cli.ghn.GhnSettings;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnTraining;
import dev.weft.hypernets.ghn.Propagation;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The hypernetworks of {@code weft results parameter-prediction}, in the order of the table: the published ones, then ablations. */
enum PredictionArm {
    MLP("nodes", "MLP"),
    GHN_1("ghn-1", "GHN-1"),
    GHN_2("ghn-2", "GHN-2"),
    GHN_3("ghn-3", "GHN-3-mini"),
    GHN_1_BATCHES("ghn-1-meta-batches", "ghn-1", "GHN-1 with meta-batches"),
    GHN_2_SINGLE("ghn-2-no-meta-batches", "ghn-2", "GHN-2 without meta-batches"),
    GHN_2_EDGES("ghn-2-no-virtual-edges", "ghn-2", "GHN-2 without virtual edges"),
    GHN_2_NORMS("ghn-2-no-normalisation", "ghn-2", "GHN-2 without normalisation");

    private final String text;
    private final String model;
    private final String label;

    PredictionArm(String model, String label) {
        this(model, model, label);
    }

    PredictionArm(String text, String model, String label) {
        this.text = text;
        this.model = model;
        this.label = label;
    }

    /** Returns those whose order is published. */
    static List<PredictionArm> published() {
        return Arrays.stream(values()).filter(PredictionArm::isPublished).toList();
    }

    /** Returns the hypernetwork of a label or of a name, in capitals or not. */
    static PredictionArm named(String name) {
        return Arrays.stream(values())
                .filter(arm -> arm.label.equalsIgnoreCase(name) || arm.text.equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--arms: no hypernetwork '" + name + "'; there are "
                        + Arrays.stream(values())
                                .map(arm -> arm.isPublished() ? arm.label : arm.text)
                                .collect(Collectors.joining(", "))));
    }

    /** Whether it is no ablation. */
    boolean isPublished() {
        return text.equals(model);
    }

    /** Returns the name for run folders and for the log. */
    String text() {
        return text;
    }

    String label() {
        return label;
    }

    /** Returns the hypernetwork's sizes and switches. */
    GhnConfig config(PredictionSettings experiment, int classes) {
        GhnConfig own = settings(experiment).config(model, classes);
        return new GhnConfig(
                own.hidden(),
                own.channels(),
                own.kernel(),
                own.classes(),
                own.layerNorm(),
                own.normalized() && this != GHN_2_NORMS,
                this == GHN_2_EDGES ? new Propagation.Gated(false) : own.propagation(),
                own.decoder());
    }

    /**
     * Returns the model's own settings with the experiment's size, length and batches; GHN-1 keeps its one network a step
     * unless it is to have meta-batches.
     */
    GhnSettings settings(PredictionSettings experiment) {
        GhnSettings own = GhnSettings.of(model);
        GhnTraining training = own.training();
        return own.with(
                experiment.size(),
                new GhnTraining(
                        experiment.steps(),
                        experiment.stepsPerRound(),
                        networks(training.networks(), experiment.networks()),
                        experiment.images(),
                        training.maxNodes(),
                        training.learningRate(),
                        training.weightDecay(),
                        training.clipNorm(),
                        training.normWeight()));
    }

    private int networks(int own, int experiment) {
        return switch (this) {
            case GHN_1_BATCHES -> experiment;
            case GHN_2_SINGLE -> 1;
            default -> Math.min(own, experiment);
        };
    }
}
