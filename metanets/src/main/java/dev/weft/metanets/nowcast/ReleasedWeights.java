package dev.weft.metanets.nowcast;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tensors of a forecasting network under the names of the reference's state dict, whether they come from safetensors
 * or from a {@code .pt} file that holds {@code state_dict} and {@code model_args}. Every tensor must be asked for, with
 * its shape, so that nothing is passed over in silence.
 */
final class ReleasedWeights {

    private static final String STATE_DICT = "state_dict.";
    private static final String ARGUMENTS = "model_args.";

    /** What the reference's arguments must be if they are given; other arguments show in the tensors. */
    private static final Map<String, Set<String>> NEEDED = Map.of(
            "towers", Set.of("1"),
            "final_edge_update", Set.of("false", "False"),
            "dms", Set.of("true", "True"),
            "residual", Set.of("true", "True"),
            "improved_graph", Set.of("true", "True"),
            "act_name", Set.of("silu"),
            "input_layer", Set.of("linear"),
            "scale_method", Set.of("std"),
            "ctx", Set.of("5"),
            "layers", Set.of("3"));

    private final TensorSource source;
    private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    private final Map<String, String> prefixes = new LinkedHashMap<>();
    private final Set<String> taken = new TreeSet<>();

    ReleasedWeights(TensorSource source) throws FormatException {
        this.source = source;
        boolean wrapped = source.tensors().keySet().stream().anyMatch(name -> name.startsWith(STATE_DICT));
        String prefix = wrapped ? STATE_DICT : "";
        source.tensors().forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                tensors.put(name.substring(prefix.length()), tensor);
                prefixes.put(name.substring(prefix.length()), name);
            }
        });
        for (Map.Entry<String, Set<String>> argument : NEEDED.entrySet()) {
            String value = source.metadata().get(ARGUMENTS + argument.getKey());
            if (value != null && !argument.getValue().contains(value)) {
                throw new FormatException.Unsupported(
                        source.origin(),
                        "argument " + argument.getKey() + ": expected "
                                + argument.getValue().iterator().next() + ", found " + value);
            }
        }
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /** Returns a size of a tensor that must have two axes. */
    int size(String name, int axis) throws FormatException {
        NamedTensor tensor = tensor(name);
        if (tensor.shape().size() != 2) {
            throw corrupt(name, "expected two axes, found shape " + tensor.shape());
        }
        return Math.toIntExact(Math.min(Integer.MAX_VALUE, tensor.shape().get(axis)));
    }

    private NamedTensor tensor(String name) throws FormatException {
        NamedTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new FormatException.Corrupt(
                    source.origin(), "expected a tensor '" + name + "', which the file does not have");
        }
        return tensor;
    }

    /** Returns a tensor's values; they must be finite. */
    float[] floats(String name, long... shape) throws IOException {
        List<Long> expected = Arrays.stream(shape).boxed().toList();
        NamedTensor tensor = tensor(name);
        if (!tensor.shape().equals(expected)) {
            throw corrupt(name, "expected shape " + expected + ", found " + tensor.shape());
        }
        taken.add(name);
        float[] values = source.floats(prefixes.getOrDefault(name, name));
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw corrupt(name, "expected finite values, found " + values[i] + " at " + i);
            }
        }
        return values;
    }

    /** Returns an affine map's {@code weight} and {@code bias}. */
    AffineMap map(String name, int out, int in) throws IOException {
        return new AffineMap(out, in, doubles(floats(name + ".weight", out, in)), doubles(floats(name + ".bias", out)));
    }

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** Refuses tensors that nothing asked for. */
    void requireAllTaken() throws FormatException {
        Set<String> rest = new TreeSet<>(tensors.keySet());
        rest.removeAll(taken);
        if (!rest.isEmpty()) {
            throw new FormatException.Unsupported(
                    source.origin(), "tensors " + rest + " belong to no forecasting network that Weft knows");
        }
    }

    FormatException corrupt(String tensor, String what) {
        return new FormatException.Corrupt(source.origin(), "tensor '" + tensor + "': " + what);
    }
}
