package dev.weft.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command line did, for tests that drive the command as a person does.
 *
 * @param exitCode what the process would have ended with
 * @param out all of standard output
 * @param err what commands wrote to standard error, without log lines
 */
public record Execution(int exitCode, String out, String err) {

    /** Runs {@code weft args...} in this process. */
    public static Execution of(String... args) {
        return of(Weft.commandLine(), args);
    }

    /** Runs {@code weft args...} with commands that only a test has. */
    public static Execution with(Object command, String... args) {
        return of(Weft.commandLine(command), args);
    }

    private static Execution of(CommandLine line, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return new Execution(line.execute(args), out.toString(), err.toString());
    }
}
