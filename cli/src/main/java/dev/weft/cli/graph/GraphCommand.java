package dev.weft.cli.graph;

import picocli.CommandLine.Command;

/** {@code weft graph}. */
@Command(
        name = "graph",
        description = "Look at the parameter graph of a network.",
        subcommands = GraphShowCommand.class)
public final class GraphCommand {}
