package dev.weft.cli.zoo;

import picocli.CommandLine.Command;

/** {@code weft zoo}. */
@Command(
        name = "zoo",
        description = "Make, inspect and export data sets of networks.",
        subcommands = {
            ZooFitInrsCommand.class,
            ZooTrajectoriesCommand.class,
            ZooArchitecturesCommand.class,
            ZooForecastCommand.class,
            ZooInfoCommand.class,
            ZooVerifyCommand.class,
            ZooExportCommand.class
        })
public final class ZooCommand {}
