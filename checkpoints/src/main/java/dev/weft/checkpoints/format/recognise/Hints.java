package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Architecture;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What somebody knows about a network that its tensors do not tell; everything may be missing.
 *
 * @param architecture the network itself: nothing is guessed then, only tensors are found by their names
 * @param config a {@code config.json} as Hugging Face and timm write it (default: the one beside the file)
 * @param family the {@link Recogniser#name()} of the only recogniser to be asked
 * @param activation between the layers of a plain network, by its name in PyTorch, for example {@code gelu}
 * @param heads of attention layers
 * @param imageSize height and width of images
 * @param w0 the factor in the sines of a SIREN
 * @param offset the constant behind a SIREN's output
 */
public record Hints(
        @Nullable Architecture architecture,
        @Nullable Path config,
        @Nullable String family,
        @Nullable String activation,
        @Nullable Integer heads,
        @Nullable Integer imageSize,
        @Nullable Double w0,
        @Nullable Double offset) {

    /** Nothing is known. */
    public static final Hints NONE = new Hints(null, null, null, null, null, null, null, null);

    public Hints {
        if (activation != null) {
            Activations.named(activation);
        }
        requirePositive("heads", heads);
        requirePositive("image size", imageSize);
    }

    private static void requirePositive(String what, @Nullable Integer value) {
        if (value != null && value < 1) {
            throw new IllegalArgumentException(what + " must be positive, got " + value);
        }
    }

    /** Returns hints with nothing but an architecture. */
    public static Hints of(Architecture architecture) {
        return new Hints(architecture, null, null, null, null, null, null, null);
    }
}
