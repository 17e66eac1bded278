package dev.weft.cli.zoo;

import dev.weft.checkpoints.ZooVerification;
import dev.weft.checkpoints.ZooVerifier;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft zoo verify}: exit code 3 if anything is wrong, and the report all the same. */
@Command(
        name = "verify",
        description =
                "Check every byte of a zoo: digests, schema, finite values, sizes. Ends with 3 if there are problems.",
        footer = {"", "Example:", "  weft zoo verify digits-zoo"})
final class ZooVerifyCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ZOO", description = "The zoo's directory.")
    private Path zoo;

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        ZooVerification found = ZooVerifier.verify(zoo);
        output.print(found, text -> print(found, text));
        return found.ok() ? ExitCode.OK : ExitCode.BAD_FILE;
    }

    private static void print(ZooVerification found, PrintWriter text) {
        found.problems().forEach(problem -> text.println(problem.where() + ": " + problem.what()));
        int more = found.problemCount() - found.problems().size();
        if (more > 0) {
            text.println("and " + more + " more");
        }
        text.printf(
                Locale.ROOT,
                "%s: %,d networks in %,d parts, %.1f MB: %s%n",
                found.name(),
                found.rows(),
                found.parts(),
                found.bytes() / 1e6,
                found.ok() ? "all is well" : found.problemCount() + " problems");
    }
}
