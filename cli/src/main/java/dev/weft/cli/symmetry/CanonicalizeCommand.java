package dev.weft.cli.symmetry;

import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.RecognitionOptions;
import dev.weft.cli.report.Table;
import dev.weft.symmetry.canonical.CanonicalForm;
import dev.weft.symmetry.canonical.Stability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft canonicalize}. */
@Command(
        name = "canonicalize",
        description = {
            "Bring a network into the form that all networks with the same function up to its symmetries share:"
                    + " neurons in order, signs and sine phases fixed, ReLU scales of norm one.",
            "The report tells how firmly the form stands: ties and margins close to zero mean that a small change of"
                    + " the network may give another form. In JSON a margin is null where there was nothing to choose: no"
                    + " scales, no phases, free signs or neighbours in the order."
        },
        footer = {"", "Example:", "  weft canonicalize siren.safetensors --out canonical.safetensors"})
public final class CanonicalizeCommand implements Callable<Integer> {

    @Parameters(paramLabel = "NETWORK", description = "A checkpoint, or a zoo's directory.")
    private Path network;

    @Option(names = "--row", paramLabel = "ID", description = "Which network of the zoo (default: the first).")
    private @Nullable String row;

    @Option(names = "--out", paramLabel = "FILE", description = "Write the network, under its own names and types.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace FILE if it exists.")
    private boolean force;

    @Mixin
    private RecognitionOptions recognition = new RecognitionOptions();

    @Mixin
    private Output output = new Output();

    /** What was done. */
    record Report(
            String network,
            String architecture,
            long parameters,
            boolean unique,
            Margins stability,
            @Nullable String out) {}

    /** {@link Stability} for JSON, which has no infinity: null where there was nothing to choose. */
    record Margins(
            @Nullable Double smallestNorm,
            @Nullable Double smallestPhase,
            List<String> openScales,
            List<BlockMargin> blocks) {

        /** Of one block. */
        record BlockMargin(
                String name,
                int size,
                int ties,
                @Nullable Double smallestGap,
                int nearZero,
                @Nullable Double smallestSign) {}

        static Margins of(Stability stability) {
            return new Margins(
                    finite(stability.smallestNorm()),
                    finite(stability.smallestPhase()),
                    stability.openScales(),
                    stability.blocks().stream()
                            .map(block -> new BlockMargin(
                                    block.name(),
                                    block.size(),
                                    block.ties(),
                                    finite(block.smallestGap()),
                                    block.nearZero(),
                                    finite(block.smallestSign())))
                            .toList());
        }

        private static @Nullable Double finite(double margin) {
            return Double.isFinite(margin) ? margin : null;
        }
    }

    @Override
    public Integer call() throws IOException {
        TensorFormat format = out == null ? null : LoadedNetwork.checkTarget(out, force);
        LoadedNetwork subject = LoadedNetwork.open(network, row, recognition.hints());
        subject.requireTarget(format, out);
        CanonicalForm.Result form = CanonicalForm.of(subject.architecture(), subject.row());
        if (out != null && format != null) {
            subject.write(form.row(), format, out);
        }
        Report report = new Report(
                subject.title(),
                subject.architecture().toString(),
                subject.architecture().parameterCount(),
                form.stability().isUnique(),
                Margins.of(form.stability()),
                out == null ? null : out.toString());
        output.print(report, text -> text.print(text(report)));
        return ExitCode.OK;
    }

    private static String text(Report report) {
        Margins stability = report.stability;
        Table table = new Table("block", "neurons", "ties", "next to nothing", "smallest gap", "smallest sign");
        stability
                .blocks()
                .forEach(block -> table.row(
                        block.name(),
                        block.size(),
                        block.ties(),
                        block.nearZero(),
                        margin(block.smallestGap()),
                        margin(block.smallestSign())));
        String text = String.format(
                Locale.ROOT,
                "%s: %s, %,d parameters%n%n%s%nsmallest norm %s, smallest distance from the end of a phase %s%n",
                report.network,
                report.architecture,
                report.parameters,
                table,
                margin(stability.smallestNorm()),
                margin(stability.smallestPhase()));
        if (!stability.openScales().isEmpty()) {
            text += "scales left as they were: " + String.join(", ", stability.openScales()) + "\n";
        }
        text += report.unique
                ? "The form is unique: no choice was a tie.\n"
                : "The form is not unique: where there are ties, other orders would do as well.\n";
        return report.out == null ? text : text + "written to " + report.out + "\n";
    }

    private static String margin(@Nullable Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.1e", value);
    }
}
