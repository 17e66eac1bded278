package dev.weft.cli.graph;

import picocli.CommandLine.Command;

/** {@code weft graph}. */
@Command(
        name = "graph",
        description = "Look at the parameter graph of a network, and check its symmetries.",
        subcommands = {GraphShowCommand.class, GraphVerifyCommand.class})
public final class GraphCommand {}
