package dev.weft.cli.graph;

import dev.weft.checkpoints.ZooManifest;
import dev.weft.cli.options.RecognitionOptions;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which network a command is about: a file, a row of a zoo, or a family by its name. */
final class SubjectOptions {

    private static final String SHARDS = ".index.json";

    @Parameters(
            paramLabel = "NETWORK",
            arity = "0..1",
            description =
                    "A checkpoint (a file, a shard index, or a downloaded folder), a zoo's directory, or an architecture"
                            + " in a file that ends in .json.")
    private @Nullable Path network;

    @Option(
            names = "--family",
            paramLabel = "NAME",
            description = "Instead of a file, a well-known architecture, for example resnet50, gpt2 or llama-1b.")
    private @Nullable String family;

    @Option(names = "--row", paramLabel = "ID", description = "Which network of the zoo (default: the first).")
    private @Nullable String row;

    @Mixin
    private final RecognitionOptions recognition = new RecognitionOptions();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /**
     * Returns the network.
     *
     * @param small whether a family is shown by its small instance, or in its published size
     */
    Subject load(boolean small) throws IOException {
        Path file = network;
        if (family != null) {
            if (file != null) {
                throw usage("expected a file or --family, found both");
            }
            Families.Family found = Families.named(family);
            return new Subject(
                    small ? "small " + family : family, (small ? found.small() : found.published()).get(), null);
        }
        if (file == null) {
            throw usage("Missing required parameter: 'NETWORK'");
        }
        return ofFile(file);
    }

    private Subject ofFile(Path file) throws IOException {
        if (Files.isRegularFile(file.resolve(ZooManifest.FILE))) {
            return Subject.ofZoo(file, row);
        }
        if (row != null) {
            throw new IllegalArgumentException("--row: expected a zoo's directory, found the file " + file);
        }
        boolean architecture =
                file.toString().endsWith(".json") && !file.toString().endsWith(SHARDS);
        return architecture
                ? new Subject(Subject.name(file), RecognitionOptions.architecture(file), null)
                : Subject.ofCheckpoint(file, recognition.hints());
    }

    private ParameterException usage(String message) {
        if (command == null) {
            throw new IllegalStateException("picocli sets the command");
        }
        return new ParameterException(command.commandLine(), message);
    }

    /** Returns what the user called the network. */
    String name() {
        return family != null ? family : String.valueOf(network);
    }
}
