package dev.weft.cli;

import dev.weft.cli.bench.BenchCommand;
import dev.weft.cli.checkpoint.ConvertCommand;
import dev.weft.cli.checkpoint.InspectCommand;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Failures;
import dev.weft.cli.ghn.InitCommand;
import dev.weft.cli.graph.GraphCommand;
import dev.weft.cli.model.EvaluateCommand;
import dev.weft.cli.model.PredictCommand;
import dev.weft.cli.model.TrainCommand;
import dev.weft.cli.nowcast.NowcastCommand;
import dev.weft.cli.options.NearestName;
import dev.weft.cli.options.Verbosity;
import dev.weft.cli.quickstart.QuickstartCommand;
import dev.weft.cli.report.Release;
import dev.weft.cli.report.Terminal;
import dev.weft.cli.results.ResultsCommand;
import dev.weft.cli.serve.ServeCommand;
import dev.weft.cli.serve.ServeKeyCommand;
import dev.weft.cli.symmetry.AlignCommand;
import dev.weft.cli.symmetry.CanonicalizeCommand;
import dev.weft.cli.symmetry.ExpandCommand;
import dev.weft.cli.symmetry.MergeCommand;
import dev.weft.cli.zoo.ZooCommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code weft} command: the root of all others, and the main class. */
@Command(
        name = "weft",
        description = "Weight-space learning: neural networks that read and write other networks' parameters.",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Weft.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:internal error",
            "2:usage: an option or value was refused",
            "3:an input file is damaged or of a kind that Weft does not read",
            "4:a file or directory was not found",
            "5:interrupted; what was done is kept and can be resumed"
        },
        subcommands = {
            QuickstartCommand.class,
            TrainCommand.class,
            EvaluateCommand.class,
            PredictCommand.class,
            NowcastCommand.class,
            InitCommand.class,
            ZooCommand.class,
            GraphCommand.class,
            AlignCommand.class,
            CanonicalizeCommand.class,
            ExpandCommand.class,
            MergeCommand.class,
            ResultsCommand.class,
            InspectCommand.class,
            ConvertCommand.class,
            ServeCommand.class,
            ServeKeyCommand.class,
            BenchCommand.class,
            EnvCommand.class,
            GenerateCompletion.class
        })
public final class Weft {

    @Mixin
    private final Verbosity verbosity = new Verbosity();

    private Weft() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /**
     * Returns the whole command tree; {@code execute(args)} never throws and returns the exit code.
     *
     * @param more commands beside those of the annotation, for tests
     */
    static CommandLine commandLine(Object... more) {
        Weft weft = new Weft();
        CommandLine line = new CommandLine(weft);
        for (Object command : more) {
            line.addSubcommand(command);
        }
        leaveExitCodesToTheRoot(line);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(Terminal.isColoured() ? Ansi.ON : Ansi.OFF));
        line.setParameterExceptionHandler((failure, args) -> usageError(failure));
        line.setExecutionExceptionHandler((failure, command, parsed) -> weft.failed(failure, command));
        line.setExecutionStrategy(weft::run);
        return line;
    }

    /** Everything else about the root is inherited, which this list would make noise of. */
    private static void leaveExitCodesToTheRoot(CommandLine line) {
        for (CommandLine command : line.getSubcommands().values()) {
            command.getCommandSpec().usageMessage().exitCodeListHeading("").exitCodeList(Map.of());
            leaveExitCodesToTheRoot(command);
        }
    }

    /** Runs the last command; picocli hands only exceptions to its handler, so errors are caught here. */
    private int run(ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            List<CommandLine> commands = parsed.asCommandLineList();
            return failed(e, commands.get(commands.size() - 1));
        }
    }

    private int failed(Throwable failure, CommandLine command) {
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + Failures.message(failure));
        if (verbosity.showsTraces()) {
            failure.printStackTrace(command.getErr());
        }
        return Failures.exitCode(failure);
    }

    private static int usageError(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        PrintWriter err = command.getErr();
        if (isMissingCommand(failure)) {
            command.usage(err);
            return ExitCode.USAGE;
        }
        err.println(name + ": " + failure.getMessage());
        if (failure instanceof UnmatchedArgumentException unmatched) {
            suggestion(unmatched).ifPresent(near -> err.println("Did you mean '" + near + "'?"));
        }
        err.println("Try '" + name + " --help'.");
        return ExitCode.USAGE;
    }

    private static boolean isMissingCommand(ParameterException failure) {
        return failure.getClass() == ParameterException.class
                && !failure.getCommandLine().getSubcommands().isEmpty();
    }

    /** Returns the option or subcommand that looks most like the first one that is unknown. */
    private static Optional<String> suggestion(UnmatchedArgumentException failure) {
        CommandSpec spec = failure.getCommandLine().getCommandSpec();
        String typed = failure.getUnmatched().get(0);
        Set<String> known = typed.startsWith("-")
                ? spec.optionsMap().keySet()
                : spec.subcommands().keySet();
        return known.isEmpty() ? Optional.empty() : Optional.of(NearestName.of(typed, known));
    }

    /** The version for {@code --version}. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"weft " + Release.version()};
        }
    }
}
