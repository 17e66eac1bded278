package dev.weft.cli.options;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * {@code -q}, {@code -v} and {@code -vv}, mixed into the root and inherited by every command. They set the log level of
 * Weft; what the libraries say comes through only at {@code -vv}.
 */
public final class Verbosity {

    private boolean quiet;
    private int verbose;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Say only what went wrong.")
    void setQuiet(boolean quiet) {
        this.quiet = quiet;
        apply();
    }

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Say more; -vv adds the libraries' logs and stack traces.")
    void setVerbose(boolean[] verbose) {
        this.verbose = verbose.length;
        apply();
    }

    /** Returns whether stack traces are wanted. */
    public boolean showsTraces() {
        return verbose >= 2;
    }

    /** Returns whether {@code -q} is in force. */
    static boolean isQuiet() {
        return !weft().isWarnEnabled();
    }

    private void apply() {
        Level level = Level.INFO;
        if (quiet) {
            level = Level.ERROR;
        } else if (verbose > 0) {
            level = Level.DEBUG;
        }
        weft().setLevel(level);
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(verbose >= 2 ? Level.INFO : Level.ERROR);
    }

    private static Logger weft() {
        return (Logger) LoggerFactory.getLogger("dev.weft");
    }
}
