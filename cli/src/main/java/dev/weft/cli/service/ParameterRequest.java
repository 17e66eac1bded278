package dev.weft.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import dev.weft.network.family.Families;
import java.util.Set;

/**
 * Whose parameters are wanted.
 *
 * @param network without values
 * @param newClasses whether the layer that puts out classes is left untrained, for other classes than the hypernetwork's
 * @param seed of the values that are not predicted
 */
public record ParameterRequest(Architecture network, boolean newClasses, long seed) {

    private static final String ARCHITECTURE = "architecture";
    private static final String FAMILY = "family";
    private static final String NEW_CLASSES = "new_classes";
    private static final String SEED = "seed";
    private static final Set<String> KEYS = Set.of(ARCHITECTURE, FAMILY, NEW_CLASSES, SEED);

    /**
     * Reads {@code {"architecture": {...}}} or {@code {"family": "resnet50"}}, with {@code new_classes} and {@code seed} if
     * need be.
     *
     * @throws IllegalArgumentException if a value is not one of these
     * @throws dev.weft.cli.service.problem.ServiceException if a key is not
     */
    public static ParameterRequest of(JsonNode json) {
        ClientJson.requireOnly("parameters", KEYS, json);
        if (json.has(ARCHITECTURE) == json.has(FAMILY)) {
            throw new IllegalArgumentException(
                    "expected an object with architecture or family, found " + (json.has(FAMILY) ? "both" : "neither"));
        }
        JsonNode seed = json.path(SEED);
        JsonNode newClasses = json.path(NEW_CLASSES);
        if (!(seed.isMissingNode() || seed.isIntegralNumber() && seed.canConvertToLong())) {
            throw new IllegalArgumentException("seed: expected a whole number, found " + seed);
        }
        if (!(newClasses.isMissingNode() || newClasses.isBoolean())) {
            throw new IllegalArgumentException("new_classes: expected true or false, found " + newClasses);
        }
        return new ParameterRequest(network(json), newClasses.asBoolean(), seed.asLong(Seed.DEFAULT));
    }

    /** Reads {@code {"architecture": {...}}} or {@code {"family": "resnet50"}} and nothing else. */
    public static Architecture networkOf(JsonNode json) {
        ParameterRequest request = of(json);
        if (json.size() > 1) {
            throw new IllegalArgumentException("expected architecture or family alone, found more keys");
        }
        return request.network;
    }

    private static Architecture network(JsonNode json) {
        if (json.has(FAMILY)) {
            return Families.named(json.get(FAMILY).asText()).published().get();
        }
        try {
            return Architecture.fromJson(json.get(ARCHITECTURE).toString());
        } catch (FormatException e) {
            throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
        }
    }
}
