package dev.weft.checkpoints.format;

import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Siren;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Recognises implicit neural representations in named state dicts: chains of linear layers with PyTorch's names and
 * layouts, {@code seq.0.weight} [out, in] and {@code seq.0.bias} [out], whatever stands before {@code .weight}.
 *
 * <p>Layers are taken in the natural order of their names (2 before 10). One layer may have a name without a number
 * ({@code last_layer}); it is the last one.
 */
public final class InrRecogniser {

    /** The metadata key that overrides the caller's w0. */
    public static final String W0 = "w0";

    /** The metadata key that overrides the caller's output offset. */
    public static final String OFFSET = "offset";

    private static final String WEIGHT = ".weight";
    private static final String BIAS = ".bias";

    /** The last network's, which most likely is the next one's too; to wire it takes longer than to read the values. */
    private static final AtomicReference<@Nullable Known> LAST = new AtomicReference<>();

    private InrRecogniser() {}

    /** All that decides a SIREN's architecture. */
    private record Form(List<Integer> widths, double w0, double offset) {}

    private record Known(Form form, Architecture architecture) {}

    /**
     * A network that was recognised.
     *
     * @param architecture without values; equal to that of a zoo of the same networks
     * @param row [P] its values, laid out as {@link Architecture#parameters()} says
     */
    public record Recognised(Architecture architecture, float[] row) {}

    /**
     * Recognises a SIREN; the file's metadata {@code w0} and {@code offset} win over the arguments.
     *
     * @param w0 the factor inside each sine, which state dicts do not hold
     * @param offset the constant added to the output, 0 for none
     * @throws FormatException if the tensors are no chain of linear layers with biases, or a value is not finite
     */
    public static Recognised siren(TensorSource file, double w0, double offset) throws IOException {
        List<String> layers = layers(file);
        List<Integer> widths = widths(file, layers);
        Architecture architecture = siren(new Form(widths, number(file, W0, w0), number(file, OFFSET, offset)));
        float[] row = new float[length(file, architecture)];
        for (int l = 0; l < layers.size(); l++) {
            copy(file, layers.get(l) + WEIGHT, architecture.parameters().get(2 * l), row);
            copy(file, layers.get(l) + BIAS, architecture.parameters().get(2 * l + 1), row);
        }
        return new Recognised(architecture, row);
    }

    private static Architecture siren(Form form) {
        Known last = LAST.get();
        if (last != null && last.form.equals(form)) {
            return last.architecture;
        }
        Architecture architecture = Siren.of(form.widths, form.w0, form.offset);
        LAST.set(new Known(form, architecture));
        return architecture;
    }

    private static List<String> layers(TensorSource file) throws FormatException {
        TreeSet<String> layers = new TreeSet<>(NaturalOrder.NAMES);
        for (String name : file.tensors().keySet()) {
            if (name.endsWith(WEIGHT)) {
                layers.add(name.substring(0, name.length() - WEIGHT.length()));
            } else if (!name.endsWith(BIAS)
                    || !file.tensors().containsKey(name.substring(0, name.length() - BIAS.length()) + WEIGHT)) {
                throw corrupt(file, "tensor '" + name + "': expected only pairs called *" + WEIGHT + " and *" + BIAS);
            }
        }
        List<String> unnumbered =
                layers.stream().filter(name -> !name.matches(".*\\d.*")).toList();
        if (layers.isEmpty() || unnumbered.size() > 1) {
            throw corrupt(
                    file,
                    "expected linear layers with numbered names such as seq.0.weight, found "
                            + file.tensors().keySet());
        }
        List<String> ordered = new ArrayList<>(layers);
        ordered.removeAll(unnumbered);
        ordered.addAll(unnumbered);
        return ordered;
    }

    private static List<Integer> widths(TensorSource file, List<String> layers) throws FormatException {
        List<Integer> widths = new ArrayList<>();
        String previous = "";
        for (String layer : layers) {
            NamedTensor weight = file.tensor(layer + WEIGHT);
            List<Long> shape = weight.shape();
            if (shape.size() != 2 || shape.stream().anyMatch(size -> size < 1 || size > Integer.MAX_VALUE)) {
                throw corrupt(file, "tensor '" + weight.name() + "': expected shape [out, in], found " + shape);
            }
            int in = shape.get(1).intValue();
            if (widths.isEmpty()) {
                widths.add(in);
            } else if (in != widths.get(widths.size() - 1)) {
                throw corrupt(
                        file,
                        "tensor '" + weight.name() + "': expected shape [out, " + widths.get(widths.size() - 1)
                                + "] to fit the " + widths.get(widths.size() - 1) + " outputs of '" + previous
                                + "', found " + shape);
            }
            widths.add(shape.get(0).intValue());
            checkBias(file, layer, shape.get(0));
            previous = layer;
        }
        return widths;
    }

    private static void checkBias(TensorSource file, String layer, long out) throws FormatException {
        String name = layer + BIAS;
        NamedTensor bias = file.tensors().get(name);
        if (bias == null || !bias.shape().equals(List.of(out))) {
            throw corrupt(
                    file,
                    "tensor '" + name + "': expected shape [" + out + "] to go with '" + layer + WEIGHT + "', found "
                            + (bias == null ? "no such tensor" : bias.shape()));
        }
    }

    private static double number(TensorSource file, String key, double otherwise) throws FormatException {
        Map<String, String> metadata = file.metadata();
        String text = metadata.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value) && (value != 0 || !key.equals(W0))) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new FormatException.Corrupt(
                    file.origin(), "metadata '" + key + "': expected a number, found '" + text + "'", e);
        }
        throw corrupt(file, "metadata '" + key + "': expected a finite number, not 0 for w0, found '" + text + "'");
    }

    private static int length(TensorSource file, Architecture architecture) throws FormatException {
        long length = architecture.parameterCount();
        if (length > Integer.MAX_VALUE) {
            throw new FormatException.Unsupported(
                    file.origin(), length + " parameters; one row may have " + Integer.MAX_VALUE);
        }
        return (int) length;
    }

    private static void copy(TensorSource file, String name, ParameterTensor target, float[] row) throws IOException {
        float[] values = file.floats(name);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw corrupt(file, "tensor '" + name + "': expected finite values, found " + values[i] + " at " + i);
            }
        }
        System.arraycopy(values, 0, row, (int) target.offset(), values.length);
    }

    private static FormatException corrupt(TensorSource file, String what) {
        return new FormatException.Corrupt(file.origin(), what);
    }
}
