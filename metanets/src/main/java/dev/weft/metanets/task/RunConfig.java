package dev.weft.metanets.task;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.model.MetanetConfig;
import dev.weft.metanets.model.Normalization;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import java.util.List;

/**
 * Everything about a run but its values: {@code config.json} in the run directory.
 *
 * @param format always {@value #FORMAT}
 * @param version of the format
 * @param task name of the {@link Task}
 * @param outputNames meaning of the outputs, for example the classes
 * @param model sizes and switches
 * @param target the architecture whose rows are read, as JSON
 * @param normalization measured on the training rows
 * @param training how it was trained
 * @param augmentation how training rows were varied, as whoever varied them writes it down
 * @param provenance where it comes from
 */
@JsonPropertyOrder({
    "format",
    "version",
    "task",
    "outputNames",
    "model",
    "target",
    "normalization",
    "training",
    "augmentation",
    "provenance"
})
public record RunConfig(
        String format,
        int version,
        String task,
        List<String> outputNames,
        MetanetConfig model,
        JsonNode target,
        Normalization normalization,
        TrainingConfig training,
        JsonNode augmentation,
        Provenance provenance) {

    public static final String FORMAT = "weft-run";
    public static final int VERSION = 1;

    /** The largest model, and the longest row that one reads: a gibibyte. */
    public static final long MAX_VALUES = 1L << 28;

    public RunConfig {
        outputNames = List.copyOf(outputNames);
        if (outputNames.isEmpty()) {
            throw new IllegalArgumentException("a run needs one output or more");
        }
    }

    /** Returns the architecture whose rows the model reads. */
    public Architecture architecture() throws FormatException {
        return Architecture.fromJson(target.toString());
    }

    /**
     * Makes the metanet with the values that training starts from; they are drawn when it is initialised.
     *
     * @throws IllegalArgumentException if it would be larger than {@link #MAX_VALUES}
     */
    public Metanet build() throws FormatException {
        Architecture architecture = architecture();
        requireFits("a row of " + architecture, architecture.parameterCount());
        Seed seed = new Seed(provenance.seed()).split("model");
        Metanet metanet = metanet(architecture, seed);
        requireFits(model.name() + " for " + architecture, metanet.parameterCount());
        return metanet;
    }

    private Metanet metanet(Architecture architecture, Seed seed) {
        try {
            return model.build(architecture, normalization, outputNames.size(), seed);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(model.name() + " for " + architecture + " is too large", e);
        }
    }

    private static void requireFits(String what, long values) {
        if (values > MAX_VALUES) {
            throw new IllegalArgumentException(what + " has " + values + " values; at most " + MAX_VALUES + " fit");
        }
    }
}
