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
        Provenance provenance) {

    public static final String FORMAT = "weft-run";
    public static final int VERSION = 1;

    public RunConfig {
        outputNames = List.copyOf(outputNames);
    }

    /** Returns the architecture whose rows the model reads. */
    public Architecture architecture() throws FormatException {
        return Architecture.fromJson(target.toString());
    }

    /** Makes the metanet with the values that training starts from. */
    public Metanet build() throws FormatException {
        Seed seed = new Seed(provenance.seed()).split("model");
        return model.build(architecture(), normalization, outputNames.size(), seed);
    }
}
