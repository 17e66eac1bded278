package dev.weft.cli.options;

import picocli.CommandLine.Model.CommandSpec;

/** A command as it was typed, to be noted beside what it makes. */
public final class CommandText {

    private CommandText() {}

    /** Returns {@code weft} and its arguments. */
    public static String of(CommandSpec spec) {
        return "weft " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }
}
