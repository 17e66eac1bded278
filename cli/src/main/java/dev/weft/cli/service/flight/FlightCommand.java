package dev.weft.cli.service.flight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.cli.service.ClientJson;
import dev.weft.cli.service.ParameterRequest;
import dev.weft.cli.service.model.Operation;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.network.Architecture;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a client asks of a model: {@code {"model": NAME, "operation": WORD, ...}}.
 *
 * @param settings the other keys
 */
record FlightCommand(String model, Operation operation, JsonNode settings) {

    private static final String MODEL = "model";
    private static final String OPERATION = "operation";
    private static final String HORIZON = "horizon";
    private static final String UPDATE_SCALE = "update_scale";

    static FlightCommand parse(byte[] bytes) {
        JsonNode json = ClientJson.parse("command", bytes);
        if (!(json instanceof ObjectNode object)) {
            throw Problem.INVALID_VALUE.because("command: expected a JSON object, found " + json.getNodeType());
        }
        ObjectNode settings = object.deepCopy();
        settings.remove(MODEL);
        settings.remove(OPERATION);
        return new FlightCommand(text(object, MODEL), operation(text(object, OPERATION)), settings);
    }

    private static String text(ObjectNode json, String key) {
        JsonNode value = json.path(key);
        if (!value.isTextual()) {
            throw Problem.INVALID_VALUE.because("command: expected a text '" + key + "', found "
                    + (value.isMissingNode() ? "none" : value.getNodeType()));
        }
        return value.textValue();
    }

    private static Operation operation(String word) {
        return Arrays.stream(Operation.values())
                .filter(each -> each.word().equals(word))
                .findFirst()
                .orElseThrow(() -> Problem.INVALID_VALUE.because("operation: expected one of "
                        + Arrays.stream(Operation.values()).map(Operation::word).collect(Collectors.joining(", "))
                        + ", found '" + word + "'"));
    }

    /** Returns the network whose parameters are wanted. */
    ParameterRequest network() {
        return ParameterRequest.of(settings);
    }

    /** Returns the network that is to be described. */
    Architecture described() {
        return ParameterRequest.networkOf(settings);
    }

    /** Returns how far to forecast. */
    ForecastSettings forecast() {
        requireOnly(Set.of(HORIZON, UPDATE_SCALE));
        JsonNode horizon = settings.path(HORIZON);
        JsonNode scale = settings.path(UPDATE_SCALE);
        if (!horizon.isMissingNode() && !(horizon.canConvertToExactIntegral() && horizon.canConvertToInt())) {
            throw Problem.INVALID_VALUE.because("horizon: expected a whole number, found " + horizon);
        }
        if (!scale.isMissingNode() && !scale.isNumber()) {
            throw Problem.INVALID_VALUE.because("update_scale: expected a number, found " + scale);
        }
        return ForecastSettings.horizon(horizon.asInt(ForecastSettings.HORIZON_DEFAULT))
                .withUpdateScale((float) scale.asDouble(1));
    }

    /** Refuses keys that mean nothing to the operation. */
    void requireOnly(Set<String> keys) {
        ClientJson.requireOnly(operation.word(), keys, settings);
    }

    /** Returns the refusal of doGet where tensors have to be sent. */
    ServiceException takesTensors() {
        return Problem.METHOD_NOT_ALLOWED.because(operation.word() + " takes tensors: use doExchange");
    }
}
