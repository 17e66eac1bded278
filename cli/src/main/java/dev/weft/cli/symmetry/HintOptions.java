package dev.weft.cli.symmetry;

import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the user knows about a network that its file does not tell. */
final class HintOptions {

    @Option(
            names = "--arch",
            paramLabel = "FILE.json",
            description =
                    "The network's architecture in JSON; nothing is guessed then (files that Weft wrote tell it).")
    private @Nullable Path architecture;

    /** Reads the architecture, if there is one. */
    Hints hints() throws IOException {
        if (architecture == null) {
            return Hints.NONE;
        }
        try {
            return Hints.of(Architecture.fromJson(Files.readString(architecture)));
        } catch (CharacterCodingException e) {
            throw new FormatException.Corrupt(architecture.toString(), "expected text in UTF-8", e);
        } catch (FormatException e) {
            throw new FormatException.Corrupt(architecture.toString(), String.valueOf(e.getMessage()), e);
        }
    }
}
