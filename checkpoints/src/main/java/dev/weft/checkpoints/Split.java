package dev.weft.checkpoints;

import java.util.Locale;

/** What a run's checkpoints are for; see {@link Splits}. */
public enum Split {
    TRAIN,
    VAL,
    TEST;

    /** Returns the text in files: {@code train}, {@code val} or {@code test}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
