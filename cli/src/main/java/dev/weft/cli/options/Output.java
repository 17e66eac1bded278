package dev.weft.cli.options;

import dev.weft.cli.report.Json;
import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --json}, and the one way to standard output: either JSON and nothing else, or text for people. */
public final class Output {

    @Option(names = "--json", description = "Print the result as JSON, and nothing else on standard output.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** Prints {@code result} as JSON under {@code --json}, else what {@code text} writes. */
    public void print(Object result, Consumer<PrintWriter> text) {
        if (json) {
            writer().println(Json.write(result));
        } else {
            text.accept(writer());
        }
        writer().flush();
    }

    public boolean isJson() {
        return json;
    }

    private PrintWriter writer() {
        return command.commandLine().getOut();
    }
}
