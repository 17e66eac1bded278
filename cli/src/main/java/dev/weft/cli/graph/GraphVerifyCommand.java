package dev.weft.cli.graph;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.report.Table;
import dev.weft.network.Seed;
import dev.weft.symmetry.RandomParameters;
import dev.weft.symmetry.SymmetryVerifier;
import dev.weft.symmetry.SymmetryVerifier.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft graph verify}. */
@Command(
        name = "verify",
        description = {
            "Check the symmetries of one network by running it: random group elements must leave its outputs as they are,"
                    + " decoupled permutations must not.",
            "An architecture without values, and a family, get random ones. Ends with code 1 if a check fails."
        },
        footer = {
            "",
            "Example:",
            "  weft graph verify siren.safetensors",
            "  weft graph verify resnet50.pth --image-size 64",
            "  weft graph verify --family gpt2 --json"
        })
final class GraphVerifyCommand implements Callable<Integer> {

    private static final long MOST_IN_DOUBLE = 30_000_000; // parameters

    @Mixin
    private final SubjectOptions which = new SubjectOptions();

    @Option(
            names = "--elements",
            paramLabel = "NUMBER",
            description = "How many elements of each kind of symmetry are drawn (default: 3; 2 for large networks).")
    private @Nullable Integer elements;

    @Option(
            names = "--published",
            description = "Check a family in its published size (default: a small instance of it).")
    private boolean published;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final Output output = new Output();

    /** What was checked and what came out. */
    record Result(
            String network,
            String architecture,
            long parameters,
            String precision,
            double tolerance,
            boolean passed,
            List<SymmetryVerifier.Check> checks) {}

    @Override
    public Integer call() throws IOException {
        Subject subject = which.load(!published);
        Settings settings = settings(subject.architecture().parameterCount());
        double[] row = row(subject, seed.get().split("row"));
        SymmetryVerifier.Report report = SymmetryVerifier.verify(subject.architecture(), row, seed.get(), settings);
        Result result = new Result(
                subject.title(),
                subject.architecture().toString(),
                subject.architecture().parameterCount(),
                settings.doublePrecision() ? "float64" : "float32",
                settings.tolerance(),
                report.passed(),
                report.checks());
        output.print(result, writer -> writer.print(text(result)));
        return report.passed() ? ExitCode.OK : ExitCode.INTERNAL;
    }

    private Settings settings(long parameters) {
        Settings base = parameters <= MOST_IN_DOUBLE ? Settings.DEFAULT : Settings.SINGLE;
        return elements == null
                ? base
                : new Settings(
                        elements,
                        base.counterexamples(),
                        base.inputs(),
                        base.doublePrecision(),
                        base.tolerance(),
                        base.noticeable());
    }

    private static double[] row(Subject subject, Seed seed) throws IOException {
        float[] values = subject.row();
        if (values == null) {
            return RandomParameters.row(subject.architecture(), seed);
        }
        double[] row = new double[values.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = values[i];
        }
        return row;
    }

    private static String text(Result result) {
        Table table = new Table("symmetry", "group", "drawn", "difference", "");
        for (SymmetryVerifier.Check check : result.checks) {
            table.row(
                    check.name(),
                    size(check),
                    check.elements(),
                    String.format(
                            Locale.ROOT, "%s %.1e", check.symmetry() ? "at most" : "at least", check.difference()),
                    check.passed() ? "ok" : check.symmetry() ? "FAILED" : "no change");
        }
        return String.format(
                Locale.ROOT,
                "%s: %s, %,d parameters, %s%n%n%s%n%s%n",
                result.network,
                result.architecture,
                result.parameters,
                result.precision,
                table,
                result.passed
                        ? "The outputs stay under every symmetry and change under every counterexample."
                        : "Some checks failed. A counterexample changes nothing where neurons are alike or unused.");
    }

    private static String size(SymmetryVerifier.Check check) {
        if (!check.symmetry()) {
            return "no symmetry";
        }
        return check.dimensions() > 0
                ? check.dimensions() + " free numbers"
                : String.format(Locale.ROOT, "10^%.1f elements", check.log10Size());
    }
}
