package dev.weft.metanets.task;

import ai.djl.ndarray.NDScope;
import ai.djl.nn.Parameter;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.nn.WeightSpaceBlock;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** The values of a model: copied out, put back, written to and read from safetensors. */
public final class ModelFile {

    private ModelFile() {}

    /** Returns a copy of all values by name, those that are not trained included. */
    public static Map<String, float[]> values(WeightSpaceBlock model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        try (NDScope scope = new NDScope()) { // from a GPU, DJL reads through copies that it leaves to their manager
            scope.suppressNotUsedWarning();
            model.namedParameters()
                    .forEach((name, parameter) ->
                            values.put(name, parameter.getArray().toFloatArray()));
        }
        return values;
    }

    /** Puts values back. */
    public static void restore(WeightSpaceBlock model, Map<String, float[]> values) {
        model.namedParameters()
                .forEach((name, parameter) -> parameter.getArray().set(Objects.requireNonNull(values.get(name), name)));
    }

    public static void add(
            SafetensorsWriter writer, String prefix, WeightSpaceBlock model, Map<String, float[]> values) {
        model.namedParameters()
                .forEach((name, parameter) -> writer.add(
                        prefix + name,
                        parameter.getArray().getShape().getShape(),
                        Objects.requireNonNull(values.get(name), name)));
    }

    /** Reads the values that a model needs, which need not be initialised: names and shapes are checked. */
    public static Map<String, float[]> read(Safetensors file, String prefix, WeightSpaceBlock model)
            throws IOException {
        Map<String, Parameter> parameters = model.namedParameters();
        checkNames(file, prefix, parameters.keySet());
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
            long[] shape = entry.getValue().getShape().getShape();
            values.put(entry.getKey(), tensor(file, prefix + entry.getKey(), shape));
        }
        return values;
    }

    /** Reads one tensor, its shape checked before its values are. */
    public static float[] tensor(Safetensors file, String name, long... shape) throws IOException {
        List<Long> expected = LongStream.of(shape).boxed().toList();
        List<Long> found = file.tensor(name).shape();
        if (!expected.equals(found)) {
            throw corrupt(file, "tensor '" + name + "': expected shape " + expected + ", found " + found);
        }
        float[] values = file.floats(name);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw corrupt(file, "tensor '" + name + "': expected finite values, found " + values[i] + " at " + i);
            }
        }
        return values;
    }

    private static FormatException corrupt(Safetensors file, String what) {
        return new FormatException.Corrupt(file.file().toString(), what);
    }

    private static void checkNames(Safetensors file, String prefix, Set<String> expected) throws FormatException {
        Set<String> found = new TreeSet<>();
        file.tensors().keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> found.add(name.substring(prefix.length())));
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(found);
        if (!missing.isEmpty()) {
            throw corrupt(file, "expected tensors " + missing + ", which are not in the file");
        }
    }

    public static void write(Path file, WeightSpaceBlock model, Map<String, float[]> values) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        add(writer, "", model, values);
        writer.write(file);
    }
}
