package dev.weft.datasets.training;

import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.PlainCnn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Small networks by their names: {@code conv-16-32-32} (channels; {@link PlainCnn#nino}), {@code mlp-32-32} (hidden widths,
 * ReLU) and {@code gpt-2-32-2} (layers, width, heads; {@link Gpt2} with weights [out, in]).
 *
 * @param kind what comes first in the name
 * @param sizes the numbers behind it
 */
public record NetworkName(Kind kind, List<Integer> sizes) {

    /** The kinds of network. */
    public enum Kind {
        CONV,
        MLP,
        GPT
    }

    private static final Pattern FORM = Pattern.compile("(conv|mlp|gpt)((?:-[1-9][0-9]{0,4})+)");

    public NetworkName {
        sizes = List.copyOf(sizes);
        if (sizes.isEmpty() || kind == Kind.GPT && sizes.size() != 3) {
            throw new IllegalArgumentException("expected " + (kind == Kind.GPT ? "layers, width and heads" : "widths")
                    + " in the name of a network " + kind.name().toLowerCase(Locale.ROOT) + ", got " + sizes);
        }
        if (kind == Kind.GPT && sizes.get(1) % sizes.get(2) != 0) {
            throw new IllegalArgumentException(
                    "the width of a gpt is divided by its heads, got " + sizes.get(1) + " and " + sizes.get(2));
        }
    }

    /**
     * Reads a name.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static NetworkName parse(String name) {
        var matcher = FORM.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "no network '" + name + "'; expected a name like conv-16-32-32, mlp-32-32 or gpt-2-32-2");
        }
        Kind kind = Kind.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        List<Integer> sizes = Arrays.stream(matcher.group(2).substring(1).split("-"))
                .map(Integer::valueOf)
                .toList();
        return new NetworkName(kind, sizes);
    }

    /**
     * Returns the network for images.
     *
     * @param image channels, height, width
     */
    public Architecture forImages(Shape image, int classes) {
        if (kind == Kind.GPT) {
            throw new IllegalArgumentException(this + " reads texts, not images");
        }
        if (kind == Kind.MLP) {
            List<Integer> widths = new ArrayList<>(sizes);
            widths.add(0, Math.toIntExact(image.size()));
            widths.add(classes);
            return Mlp.of(widths, new Layer.Relu(), true);
        }
        int[] extents =
                Arrays.stream(image.getShape()).mapToInt(Math::toIntExact).toArray();
        return PlainCnn.nino(new Input.Image(extents[0], extents[1], extents[2]), sizes, classes);
    }

    /** Returns the network for texts of numbered words. */
    public Architecture forText(int words, int length) {
        if (kind != Kind.GPT) {
            throw new IllegalArgumentException(this + " reads images, not texts");
        }
        return Gpt2.of(new Gpt2.Config(
                new Input.Tokens(words, length),
                sizes.get(1),
                sizes.get(0),
                sizes.get(2),
                true,
                false,
                new Layer.GeluTanh()));
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return sizes.stream()
                .map(String::valueOf)
                .collect(Collectors.joining("-", kind.name().toLowerCase(Locale.ROOT) + "-", ""));
    }
}
