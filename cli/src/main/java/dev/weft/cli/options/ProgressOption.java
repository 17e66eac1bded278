package dev.weft.cli.options;

import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Terminal;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code --no-progress}, and progress lines on standard error that suit what standard error is. */
public final class ProgressOption {

    @Option(names = "--no-progress", description = "Show no progress.")
    private boolean silent;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * Starts a progress line; close it when the job ends.
     *
     * @param label what is being done, for example {@code Fitting}
     * @param total how many units there are
     * @param unit what is counted, for example {@code networks}
     */
    public Progress start(String label, long total, String unit) {
        return new Progress(command.commandLine().getErr(), style(), System::nanoTime, label, total, unit);
    }

    private Progress.Style style() {
        if (silent || Verbosity.isQuiet()) {
            return Progress.Style.SILENT;
        }
        return Terminal.isInteractive() ? Progress.Style.REDRAW : Progress.Style.LINES;
    }
}
