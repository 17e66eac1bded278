package dev.weft.cli.service;

import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The id that a request has in its answer and in the log. */
public final class RequestId {

    private static final Pattern SOUND = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private RequestId() {}

    /** Returns the id that the client gave, or a new one if there is none or it could be mistaken for something else. */
    public static String of(@Nullable String given) {
        return given != null && SOUND.matcher(given).matches()
                ? given
                : UUID.randomUUID().toString();
    }
}
