package dev.weft.metanets.task;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.network.FormatException;

/** Reads a {@link RunConfig}, and refuses what no metanet can be made of. */
final class RunConfigJson {

    private RunConfigJson() {}

    /** Reads a config from which a metanet can be made. */
    static RunConfig read(String file, String json) throws FormatException {
        JsonNode tree = StrictJson.parse(file, json);
        StrictJson.requireFormat(file, tree, RunConfig.FORMAT, RunConfig.VERSION);
        RunConfig config = StrictJson.bind(file, tree, RunConfig.class);
        try {
            checkNormalization(file, config);
            config.build();
        } catch (IllegalArgumentException e) {
            throw new FormatException.Corrupt(file, String.valueOf(e.getMessage()), e);
        }
        return config;
    }

    private static void checkNormalization(String file, RunConfig config) throws FormatException {
        int expected;
        try {
            expected = config.architecture().parameters().size();
        } catch (FormatException e) {
            throw new FormatException.Corrupt(file, "target: " + e.getMessage(), e);
        }
        int found = config.normalization().mean().size();
        if (found != expected) {
            throw new FormatException.Corrupt(file, "normalization: expected " + expected + " tensors, found " + found);
        }
    }
}
