package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.InrRecogniser;
import dev.weft.checkpoints.format.recognise.PlainModules.Module;
import dev.weft.network.FormatException;
import dev.weft.network.Siren;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Implicit networks with sines: a chain of linear layers that reads a few coordinates, or whose file tells a {@code w0}. What
 * the metadata say wins over the caller.
 */
public final class SirenRecogniser implements Recogniser {

    private static final int COORDINATES = 4;
    private static final double TOLD = 0.95;
    private static final double GIVEN = 0.9;
    private static final double GUESSED = 0.55;

    @Override
    public String name() {
        return "siren";
    }

    @Override
    public Optional<Recognition> recognise(StateDict tensors) throws IOException {
        Optional<List<Module>> chain = PlainModules.of(tensors)
                .map(PlainModules::layers)
                .filter(layers -> layers.size() > 1
                        && layers.stream()
                                .allMatch(layer -> layer.bias()
                                        && !layer.isConvolution()
                                        && layer.norm().isEmpty()));
        if (chain.isEmpty() || tensors.hints().activation() != null) {
            return Optional.empty();
        }
        boolean told = tensors.metadata(InrRecogniser.W0).isPresent();
        boolean given =
                tensors.hints().w0() != null || name().equals(tensors.hints().family());
        if (!told && !given && chain.get().get(0).in() > COORDINATES) {
            return Optional.empty();
        }
        return Optional.of(read(tensors, chain.get(), told, given));
    }

    private static Recognition read(StateDict tensors, List<Module> chain, boolean told, boolean given)
            throws FormatException {
        Map<String, String> names = new HashMap<>(Map.of("", ""));
        List<Integer> widths = new ArrayList<>(List.of(chain.get(0).in()));
        for (int l = 0; l < chain.size(); l++) {
            names.put("seq." + l + ".", chain.get(l).name() + ".");
            widths.add(chain.get(l).out());
        }
        double w0 = number(tensors, InrRecogniser.W0, tensors.hints().w0(), Siren.W0_DEFAULT);
        double offset = number(tensors, InrRecogniser.OFFSET, tensors.hints().offset(), 0);
        String reason = "linear layers one behind the other; "
                + (told
                        ? "the file's metadata tell w0"
                        : given
                                ? "sines were given"
                                : "assumed sines with w0 " + w0 + " since it reads " + widths.get(0)
                                        + " coordinates (--w0, --activation, --as plain)");
        return new TensorMatch(
                        tensors.renamed(names), "SIREN", Siren.of(widths, w0, offset), Map.of(), Map.of(), Map.of())
                .recognition(told ? TOLD : given ? GIVEN : GUESSED, reason);
    }

    private static double number(StateDict tensors, String key, @Nullable Double given, double otherwise)
            throws FormatException {
        Optional<String> text = tensors.metadata(key);
        if (text.isEmpty()) {
            return given == null ? otherwise : given;
        }
        try {
            double value = Double.parseDouble(text.get());
            if (Double.isFinite(value) && (value != 0 || !key.equals(InrRecogniser.W0))) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new FormatException.Corrupt(
                    tensors.file().origin(),
                    "metadata '" + key + "': expected a number, found '" + text.get() + "'",
                    e);
        }
        throw tensors.corrupt(
                "metadata '" + key + "': expected a finite number, not 0 for w0, found '" + text.get() + "'");
    }
}
