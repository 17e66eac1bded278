package dev.weft.network;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A file or text that is not what its reader was promised. The message names where the trouble is (file, tensor), what
 * was expected and what was found, and is meant to be shown to the person who gave the file.
 */
public abstract sealed class FormatException extends IOException {

    private FormatException(String where, String what, @Nullable Throwable cause) {
        super(where + ": " + what, cause);
    }

    /** The content is damaged, truncated or contradicts itself. */
    public static final class Corrupt extends FormatException {
        public Corrupt(String where, String what) {
            super(where, what, null);
        }

        public Corrupt(String where, String what, Throwable cause) {
            super(where, what, cause);
        }
    }

    /** The content is well formed but of a kind that Weft does not read. */
    public static final class Unsupported extends FormatException {
        public Unsupported(String where, String what) {
            super(where, what, null);
        }

        public Unsupported(String where, String what, Throwable cause) {
            super(where, what, cause);
        }
    }

    /** The file was written by a release too old to be read. */
    public static final class TooOld extends FormatException {
        public TooOld(String where, int found, int oldest) {
            super(where, "format version " + found + " is too old; this release reads from version " + oldest, null);
        }
    }

    /** The file was written by a newer release. */
    public static final class TooNew extends FormatException {
        public TooNew(String where, int found, int newest) {
            super(where, "format version " + found + " is too new; this release reads up to version " + newest, null);
        }
    }
}
