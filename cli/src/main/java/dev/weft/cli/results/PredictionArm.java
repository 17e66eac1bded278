package dev.weft.cli.results;

import dev.weft.cli.ghn.GhnSettings;
import dev.weft.hypernets.ghn.GhnTraining;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The hypernetworks of {@code weft results parameter-prediction}, in the order of the table. */
enum PredictionArm {
    MLP("nodes", "MLP"),
    GHN_1("ghn-1", "GHN-1"),
    GHN_2("ghn-2", "GHN-2"),
    GHN_3("ghn-3", "GHN-3-mini");

    private final String model;
    private final String label;

    PredictionArm(String model, String label) {
        this.model = model;
        this.label = label;
    }

    /** Returns the hypernetwork of a label, in capitals or not. */
    static PredictionArm labelled(String label) {
        return Arrays.stream(values())
                .filter(arm -> arm.label.equalsIgnoreCase(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--arms: no hypernetwork '" + label + "'; there are "
                        + Arrays.stream(values()).map(PredictionArm::label).collect(Collectors.joining(", "))));
    }

    /** Returns the name for {@code weft train --model}, for run folders and for the log. */
    String model() {
        return model;
    }

    String label() {
        return label;
    }

    /** Returns the model's own settings with the experiment's size, length and batches; GHN-1 keeps its one network a step. */
    GhnSettings settings(PredictionSettings experiment) {
        GhnSettings own = GhnSettings.of(model);
        GhnTraining training = own.training();
        return own.with(
                experiment.size(),
                new GhnTraining(
                        experiment.steps(),
                        experiment.stepsPerRound(),
                        Math.min(training.networks(), experiment.networks()),
                        experiment.images(),
                        training.maxNodes(),
                        training.learningRate(),
                        training.weightDecay(),
                        training.clipNorm(),
                        training.normWeight()));
    }
}
