package dev.weft.metanets.task;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.model.Metanet;
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

/** The values of a metanet: copied out, put back, written to and read from safetensors. */
final class ModelFile {

    private ModelFile() {}

    /** Returns a copy of all values by name, those that are not trained included. */
    static Map<String, float[]> values(Metanet model) {
        Map<String, float[]> values = new LinkedHashMap<>();
        model.namedParameters()
                .forEach((name, parameter) ->
                        values.put(name, parameter.getArray().toFloatArray()));
        return values;
    }

    /** Puts values back. */
    static void restore(Metanet model, Map<String, float[]> values) {
        model.namedParameters()
                .forEach((name, parameter) -> parameter.getArray().set(Objects.requireNonNull(values.get(name), name)));
    }

    static void add(SafetensorsWriter writer, String prefix, Metanet model, Map<String, float[]> values) {
        model.namedParameters()
                .forEach((name, parameter) -> writer.add(
                        prefix + name,
                        parameter.getArray().getShape().getShape(),
                        Objects.requireNonNull(values.get(name), name)));
    }

    /** Reads the values that a metanet needs, names and shapes checked. */
    static Map<String, float[]> read(Safetensors file, String prefix, Metanet model) throws IOException {
        Map<String, Parameter> parameters = model.namedParameters();
        checkNames(file, prefix, parameters.keySet());
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
            String name = prefix + entry.getKey();
            NDArray array = entry.getValue().getArray();
            List<Long> expected =
                    LongStream.of(array.getShape().getShape()).boxed().toList();
            List<Long> found = file.tensor(name).shape();
            if (!expected.equals(found)) {
                throw new FormatException.Corrupt(
                        file.file().toString(),
                        "tensor '" + name + "': expected shape " + expected + ", found " + found);
            }
            values.put(entry.getKey(), file.floats(name));
        }
        return values;
    }

    private static void checkNames(Safetensors file, String prefix, Set<String> expected) throws FormatException {
        Set<String> found = new TreeSet<>();
        file.tensors().keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> found.add(name.substring(prefix.length())));
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(found);
        if (!missing.isEmpty()) {
            throw new FormatException.Corrupt(
                    file.file().toString(), "expected tensors " + missing + ", which are not in the file");
        }
    }

    static void write(Path file, Metanet model, Map<String, float[]> values) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        add(writer, "", model, values);
        writer.write(file);
    }
}
