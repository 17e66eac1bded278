package dev.weft.cli.zoo;

import picocli.CommandLine.Command;

/** {@code weft zoo}. */
@Command(
        name = "zoo",
        description = "Make, inspect and export data sets of networks.",
        subcommands = {
            ZooFitInrsCommand.class,
            ZooInfoCommand.class,
            ZooVerifyCommand.class,
            ZooExportCommand.class,
            ZooArchitecturesCommand.class
        })
public final class ZooCommand {}
