package dev.weft.cli.results;

import picocli.CommandLine.Command;

/** {@code weft results}: tables that take many trainings, written as pages. */
@Command(
        name = "results",
        description = "Train whole tables and write what came out as a page.",
        subcommands = {
            ResultsInrClassificationCommand.class,
            ResultsNowcastingCommand.class,
            ResultsParameterPredictionCommand.class,
            ResultsPropertyPredictionCommand.class,
            ResultsHypernetworkInputsCommand.class,
            ResultsServiceCommand.class
        })
public final class ResultsCommand {}
