package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.FormatException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many heads attention has, which no tensor tells. */
final class Heads {

    private Heads() {}

    /**
     * Returns the number that the user (by itself or in an architecture), the configuration or the file's metadata say, or else what heads of the family's usual
     * size come to.
     *
     * @param key of the configuration
     * @param width which the heads divide
     * @param usual coordinates of a head, 0 if sizes differ too much
     */
    static int of(Sketch sketch, String key, int width, int usual) throws FormatException {
        StateDict tensors = sketch.tensors();
        Integer given = given(tensors.hints());
        Optional<String> told = tensors.metadata(key);
        int heads;
        if (given != null) {
            heads = given;
        } else if (tensors.configOrEmpty().has(key)) {
            heads = tensors.configOrEmpty().count(key, 0);
            sketch.note(heads + " heads by " + HubConfig.FILE);
        } else if (told.isPresent() && told.get().matches("[0-9]{1,6}")) {
            heads = Integer.parseInt(told.get());
            sketch.note(heads + " heads by the file's metadata");
        } else if (usual > 0 && width % usual == 0) {
            heads = width / usual;
            sketch.assume(heads + " heads of " + usual + " coordinates", 0.9);
        } else {
            throw tensors.unsupported("no tensor tells how many heads share the width " + width
                    + "; give their number (--heads), or a config.json (--config)");
        }
        if (heads < 1 || width % heads != 0) {
            throw tensors.corrupt("expected a number of heads that divides the width " + width + ", found " + heads);
        }
        return heads;
    }

    private static @Nullable Integer given(Hints hints) {
        Architecture architecture = hints.architecture();
        if (hints.heads() != null || architecture == null) {
            return hints.heads();
        }
        return architecture.nodes().stream()
                .map(Architecture.Node::layer)
                .filter(Attention.Heads.class::isInstance)
                .map(layer -> ((Attention.Heads) layer).heads())
                .findFirst()
                .orElse(null);
    }
}
