package dev.weft.cli.exit;

/** The exit codes of every command, as the root help lists them. */
public final class ExitCode {

    public static final int OK = 0;
    public static final int INTERNAL = 1;
    public static final int USAGE = 2;
    public static final int BAD_FILE = 3;
    public static final int NOT_FOUND = 4;
    public static final int INTERRUPTED = 5;

    private ExitCode() {}
}
