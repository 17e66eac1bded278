package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.metanets.task.ModelFile;
import dev.weft.network.FormatException;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Graph hypernetworks from elsewhere: the state dicts of {@code ppuda} (GHN-1, GHN-2) and {@code ghn3}, in any format of named
 * tensors. A file has no sizes written down: they follow from the shapes, and every tensor is checked against them.
 *
 * <p>Keys may begin with {@code state_dict.}; GHN-2's 1 x 1 convolutions lose their last two axes; GHN-3's tables of degrees
 * and distances may stand at the top. The reference's published files are joblib pickles: load one with joblib and save
 * it with torch.save first.
 */
public final class GhnWeights {

    private static final String CONTAINER = "state_dict.";
    private static final String LAYER = "gnn.";

    private final TensorFile file;
    private final Map<String, String> names = new LinkedHashMap<>(); // ours to the file's

    private GhnWeights(TensorFile file) {
        this.file = file;
        for (String name : file.tensors().keySet()) {
            String ours = name.startsWith(CONTAINER) ? name.substring(CONTAINER.length()) : name;
            if (ours.startsWith("centrality_embed_") || ours.startsWith("input_dist_embed")) {
                ours = LAYER + "0." + ours;
            }
            names.put(ours, name);
        }
    }

    /**
     * Loads a run's folder or a file.
     *
     * @param manager owner of the values
     * @throws FormatException if the file is no graph hypernetwork or its tensors do not fit together
     */
    public static GraphHyperNetwork load(Path path, NDManager manager) throws IOException {
        if (Files.isDirectory(path)) {
            return GhnRun.open(path).load(manager);
        }
        try (TensorFile file = TensorFormat.of(path).open(path)) {
            return new GhnWeights(file).read(manager);
        }
    }

    private GraphHyperNetwork read(NDManager manager) throws IOException {
        GraphHyperNetwork model;
        try {
            model = new GraphHyperNetwork(config(), new Seed(Seed.DEFAULT));
        } catch (IllegalArgumentException e) {
            throw new FormatException.Corrupt(file.origin(), String.valueOf(e.getMessage()), e);
        }
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Map.Entry<String, Parameter> entry : model.namedParameters().entrySet()) {
            requireShape(entry.getKey(), entry.getValue().getShape().getShape());
        }
        for (String name : model.namedParameters().keySet()) {
            values.put(name, finite(name));
        }
        model.initialize(manager, DataType.FLOAT32);
        ModelFile.restore(model, values);
        return model;
    }

    private float[] finite(String name) throws IOException {
        float[] values = file.floats(theirs(name));
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new FormatException.Corrupt(
                        file.origin(),
                        "tensor '" + name + "': expected finite values, found " + values[i] + " at " + i);
            }
        }
        return values;
    }

    private GhnConfig config() throws FormatException {
        int hidden = size("embed.weight", 1);
        int channels = (int) Math.round(Math.sqrt(size("decoder.conv.2.weight", 0)));
        int kernel = (int) Math.round(Math.sqrt(size("decoder.fc.0.weight", 0) / (4.0 * hidden)));
        int classes = size("bias_class.1.weight", 0);
        boolean norm = names.containsKey("ln.weight");
        return new GhnConfig(hidden, channels, kernel, classes, norm, norm, propagation(), GhnConfig.TILED);
    }

    private Propagation propagation() throws FormatException {
        if (names.containsKey("gnn.gru.weight_ih")) {
            return new Propagation.Gated(names.containsKey("gnn.mlp_ve.fc.0.weight"));
        } else if (names.containsKey("gnn.fc.0.weight")) {
            return new Propagation.Nodes();
        }
        int layers = 0;
        while (names.containsKey(LAYER + layers + ".ln1.weight")) {
            layers++;
        }
        return new Propagation.Transformer(layers, size("gnn.0.attn.proj_e.2.weight", 0));
    }

    private int size(String name, int axis) throws FormatException {
        List<Long> shape = shape(name);
        long size = shape.size() > axis ? shape.get(axis) : 0;
        return (int) Math.min(size, Integer.MAX_VALUE);
    }

    /** Returns a tensor's shape without the pixels of a 1 x 1 convolution. */
    private List<Long> shape(String name) throws FormatException {
        NamedTensor tensor = file.tensor(theirs(name));
        List<Long> shape = tensor.shape();
        boolean pixel = shape.size() == 4 && shape.get(2) == 1 && shape.get(3) == 1;
        return pixel ? shape.subList(0, 2) : shape;
    }

    private String theirs(String name) throws FormatException {
        String found = names.get(name);
        if (found == null) {
            throw new FormatException.Corrupt(
                    file.origin(), "no graph hypernetwork: expected a tensor '" + name + "', which is not in the file");
        }
        return found;
    }

    private void requireShape(String name, long[] expected) throws FormatException {
        List<Long> wanted = Arrays.stream(expected).boxed().toList();
        List<Long> found = shape(name);
        if (!wanted.equals(found)) {
            throw new FormatException.Corrupt(
                    file.origin(), "tensor '" + name + "': expected shape " + wanted + ", found " + found);
        }
    }
}
