package dev.weft.checkpoints.format;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names in messages: the first few of them, and how many more there are. */
public final class Listing {

    private static final int SHOWN = 10;

    private Listing() {}

    /** Returns {@code [a, b, c]} or {@code [a, b, ... and 17 more]}. */
    public static String of(Collection<?> names) {
        if (names.size() <= SHOWN) {
            return names.toString();
        }
        String first = names.stream().limit(SHOWN).map(String::valueOf).collect(Collectors.joining(", "));
        return "[" + first + ", ... and " + (names.size() - SHOWN) + " more]";
    }
}
