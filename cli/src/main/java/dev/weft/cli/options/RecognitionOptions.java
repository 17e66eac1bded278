package dev.weft.cli.options;

import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the user knows about the network in a file that its tensors do not tell. */
public final class RecognitionOptions {

    @Option(
            names = "--arch",
            paramLabel = "FILE.json",
            description = "The network's architecture (weft inspect --write-arch makes one); nothing is guessed then.")
    private @Nullable Path architecture;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "A config.json as Hugging Face or timm writes it (default: the one beside the file).")
    private @Nullable Path config;

    @Option(
            names = "--as",
            paramLabel = "FAMILY",
            description = "Take the network for one of this family, for example gpt2, llama, vit, plain or siren.")
    private @Nullable String family;

    @Option(
            names = "--activation",
            paramLabel = "NAME",
            description = "The activation of a plain network, as PyTorch calls it: relu, gelu, tanh, ...")
    private @Nullable String activation;

    @Option(names = "--heads", paramLabel = "NUMBER", description = "How many heads attention has.")
    private @Nullable Integer heads;

    @Option(names = "--image-size", paramLabel = "PIXELS", description = "Height and width of images.")
    private @Nullable Integer imageSize;

    @Option(
            names = "--w0",
            paramLabel = "NUMBER",
            description = "The factor in the sines of a SIREN whose file does not tell (default: 30).")
    private @Nullable Double w0;

    @Option(
            names = "--offset",
            paramLabel = "NUMBER",
            description = "The constant behind the output of a SIREN whose file does not tell (default: 0).")
    private @Nullable Double offset;

    /** Whether the user said anything, so that a network must be found. */
    public boolean given() {
        return Stream.of(architecture, config, family, activation, heads, imageSize, w0, offset)
                .anyMatch(Objects::nonNull);
    }

    /** Reads the architecture, if there is one. */
    public Hints hints() throws IOException {
        return new Hints(
                architecture == null ? null : architecture(architecture),
                config,
                family,
                activation,
                heads,
                imageSize,
                w0,
                offset);
    }

    /** Reads an architecture's JSON. */
    public static Architecture architecture(Path file) throws IOException {
        try {
            return Architecture.fromJson(Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(file.toString(), "expected text in UTF-8", e);
        } catch (FormatException e) {
            throw new FormatException.Corrupt(file.toString(), String.valueOf(e.getMessage()), e);
        }
    }
}
