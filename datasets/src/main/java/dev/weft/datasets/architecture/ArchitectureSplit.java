package dev.weft.datasets.architecture;

import java.util.Arrays;
import java.util.Locale;

/** What architectures are for (Knyazev et al. 2021, section 3.2); all but the first three differ from those trained on. */
public enum ArchitectureSplit {
    TRAIN,
    VAL,
    TEST,
    /** More channels. */
    WIDE,
    /** More cells. */
    DEEP,
    /** More steps in each cell. */
    DENSE,
    /** No norms. */
    BNFREE;

    /** Returns the name in files: lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds a split by its {@link #text()}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ArchitectureSplit of(String text) {
        return Arrays.stream(values())
                .filter(split -> split.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no split '" + text + "', expected one of "
                        + Arrays.stream(values()).map(ArchitectureSplit::text).toList()));
    }
}
