package dev.weft.cli.service;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.cli.service.problem.Problem;
import dev.weft.metanets.task.StrictJson;
import dev.weft.network.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;

/** JSON that clients send: of bounded length, and nothing in it passed over. */
public final class ClientJson {

    /** The most bytes that are read. */
    public static final int LIMIT = 8 << 20;

    private ClientJson() {}

    /**
     * Reads JSON; repeated keys and what follows behind it are refused.
     *
     * @param what it is, for messages
     * @throws dev.weft.cli.service.problem.ServiceException if it is too long, or none
     */
    public static JsonNode parse(String what, byte[] bytes) {
        if (bytes.length > LIMIT) {
            throw Problem.TOO_LARGE.because(what + ": expected at most " + LIMIT + " bytes of JSON");
        }
        try {
            return StrictJson.parse(what, new String(bytes, StandardCharsets.UTF_8));
        } catch (FormatException e) {
            throw Problem.INVALID_VALUE.because(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Refuses keys that mean nothing.
     *
     * @param what they belong to, for messages
     * @throws dev.weft.cli.service.problem.ServiceException if there is another
     */
    public static void requireOnly(String what, Set<String> keys, JsonNode json) {
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!keys.contains(name)) {
                throw Problem.INVALID_VALUE.because(what + ": expected no keys but " + keys + ", found '" + name + "'");
            }
        }
    }
}
