package dev.weft.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A network that PyTorch saved with its inputs and outputs: {@code /torch/NAME.safetensors} among the test resources. */
public final class TorchFixture {

    private static final String INPUTS = "fixture.inputs";
    private static final String OUTPUTS = "fixture.outputs";

    private final Map<String, float[]> tensors = new TreeMap<>();
    private final Map<String, long[]> shapes = new TreeMap<>();

    private TorchFixture(ByteBuffer file) throws IOException {
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        ByteBuffer data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        for (Map.Entry<String, JsonNode> entry :
                new ObjectMapper().readTree(header).properties()) {
            JsonNode offsets = entry.getValue().path("data_offsets");
            float[] values =
                    new float[(offsets.path(1).asInt() - offsets.path(0).asInt()) / Float.BYTES];
            data.position(offsets.path(0).asInt());
            data.asFloatBuffer().get(values);
            tensors.put(entry.getKey(), values);
            JsonNode shape = entry.getValue().path("shape");
            long[] extents = new long[shape.size()];
            Arrays.setAll(extents, i -> shape.path(i).asLong());
            shapes.put(entry.getKey(), extents);
        }
    }

    public static TorchFixture read(String name) throws IOException {
        try (InputStream stream = TorchFixture.class.getResourceAsStream("/torch/" + name + ".safetensors")) {
            if (stream == null) {
                throw new FileNotFoundException("no fixture /torch/" + name + ".safetensors");
            }
            return new TorchFixture(ByteBuffer.wrap(stream.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN));
        }
    }

    /** Returns the names of the network's own tensors. */
    public Set<String> parameters() {
        Set<String> names = new TreeSet<>(tensors.keySet());
        names.remove(INPUTS);
        names.remove(OUTPUTS);
        return names;
    }

    /** Returns the row [P], each tensor by its name. */
    public double[] row(Architecture architecture) {
        return row(architecture, "");
    }

    /** Returns the row [P], each tensor by its name behind a prefix. */
    public double[] row(Architecture architecture, String prefix) {
        double[] row = new double[(int) architecture.parameterCount()];
        for (ParameterTensor tensor : architecture.parameters()) {
            long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
            String name = prefix + tensor.name();
            if (!Arrays.equals(shape, shapes.get(name))) {
                throw new AssertionError(
                        name + ": expected " + Arrays.toString(shape) + ", found " + Arrays.toString(shapes.get(name)));
            }
            float[] values = tensors.get(name);
            for (int i = 0; i < values.length; i++) {
                row[(int) tensor.offset() + i] = values[i];
            }
        }
        return row;
    }

    /** Returns any tensor. */
    public NDArray tensor(NDManager manager, String name) {
        return manager.create(tensors.get(name), new Shape(shapes.get(name)));
    }

    /** Returns the inputs [m, *shape], words as numbers of type float32. */
    public NDArray inputs(NDManager manager) {
        return tensor(manager, INPUTS);
    }

    /** Returns the outputs, flat. */
    public double[] outputs() {
        float[] values = tensors.get(OUTPUTS);
        double[] outputs = new double[values.length];
        Arrays.setAll(outputs, i -> values[i]);
        return outputs;
    }
}
