package dev.weft.cli.results;

import picocli.CommandLine.Command;

/** {@code weft results}: what metanets reach on a zoo, written as a page. */
@Command(
        name = "results",
        description = "Train tables of metanets and write what came out as a page.",
        subcommands = ResultsInrClassificationCommand.class)
public final class ResultsCommand {}
