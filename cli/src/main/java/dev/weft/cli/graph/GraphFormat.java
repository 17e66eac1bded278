package dev.weft.cli.graph;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a parameter graph is shown as. */
enum GraphFormat {
    TEXT,
    JSON,
    DOT,
    GRAPHML,
    SVG;

    /** Returns the format that a file's name ends in. */
    static Optional<GraphFormat> of(Path file) {
        String name = file.toString().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> name.endsWith("." + format.name().toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
