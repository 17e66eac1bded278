package dev.weft.cli.report;

/**
 * What the launcher found out about the terminal and passes on as system properties; Java 17 cannot tell whether
 * standard error is one. Without the launcher nothing is taken for a terminal.
 */
public final class Terminal {

    private Terminal() {}

    /** Returns whether a line on standard error may be redrawn. */
    public static boolean isInteractive() {
        return Boolean.getBoolean("weft.stderr.terminal") && !isPlain();
    }

    /** Returns whether help and errors may have colours: both streams must be terminals. */
    public static boolean isColoured() {
        return isInteractive() && Boolean.getBoolean("weft.stdout.terminal");
    }

    private static boolean isPlain() {
        String noColour = System.getenv("NO_COLOR");
        return (noColour != null && !noColour.isEmpty()) || "dumb".equals(System.getenv("TERM"));
    }
}
