package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.onnx.topology.Drafts.Draft;
import dev.weft.checkpoints.format.onnx.topology.Fixed.Source.Stored;
import dev.weft.checkpoints.format.onnx.topology.OnnxNetwork.Piece;
import dev.weft.network.Architecture;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes an architecture of drafts. A layer is called as its tensors are in the file, so that a linear layer with the tensor
 * {@code fc1.weight} becomes the node {@code fc1}; layers whose tensors have lost their names are called as the graph's nodes.
 */
final class Naming {

    private static final int LONGEST = 150;

    private final Drafts drafts;
    private final TreeSet<Integer> used = new TreeSet<>();
    private final Map<Integer, String> names = new HashMap<>();
    private final Set<String> taken = new HashSet<>(Set.of(Architecture.INPUT));
    private final int last;

    Naming(Drafts drafts, int last) {
        this.drafts = drafts;
        this.last = last;
        collect();
        for (int layer : used) {
            names.put(layer, unique(drafts.get(layer)));
        }
    }

    private void collect() {
        TreeSet<Integer> open = new TreeSet<>(Set.of(last));
        while (!open.isEmpty()) {
            int layer = open.pollLast(); // inputs have smaller numbers
            if (layer != Drafts.INPUT && used.add(layer)) {
                open.addAll(drafts.get(layer).inputs());
                if (drafts.get(layer).layer() instanceof Embedding.TiedOutput tied) {
                    open.add(Integer.valueOf(tied.embedding()));
                }
            }
        }
    }

    private String unique(Draft draft) {
        String name = name(draft);
        String free = name;
        for (int i = 2; !taken.add(free); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    private static String name(Draft draft) {
        for (Map.Entry<String, List<Fixed>> tensor : draft.tensors().entrySet()) {
            String suffix = tensor.getKey();
            String stored =
                    ((Stored) tensor.getValue().get(0).source()).tensor().name();
            boolean dotted = stored.endsWith("." + suffix);
            if (suffix.isEmpty() || dotted || stored.endsWith("_" + suffix)) {
                String prefix = stored.substring(0, stored.length() - suffix.length() - (dotted ? 1 : 0));
                if (!clean(prefix).isEmpty()) {
                    return clean(prefix) + (dotted || suffix.isEmpty() ? "" : "_");
                }
            }
        }
        String hint = clean(draft.hint());
        return hint.isEmpty() ? draft.layer().getClass().getSimpleName().toLowerCase(Locale.ROOT) : hint;
    }

    /** Returns a text as a name of a node may be: no blanks, no slashes, no underscores at its end. */
    private static String clean(String text) {
        String name = text.replaceAll("[^!-~]", "_").replaceAll("[/:]+", ".").replaceAll("^[._]+|[._]+$", "");
        return name.length() <= LONGEST ? name : name.substring(name.length() - LONGEST);
    }

    OnnxNetwork network(List<String> assumptions) {
        List<Architecture.Node> nodes = new ArrayList<>();
        Map<String, List<Fixed>> tensors = new LinkedHashMap<>();
        for (int layer : used) {
            Draft draft = drafts.get(layer);
            String name = nameOf(layer);
            nodes.add(new Architecture.Node(
                    name,
                    named(draft),
                    draft.inputs().stream().map(this::nameOf).toList()));
            draft.tensors().forEach((suffix, parts) -> tensors.put(ParameterTensor.nameOf(name, suffix), parts));
        }
        if (last == Drafts.INPUT) {
            throw new IllegalArgumentException("the output is the input");
        }
        Architecture architecture = new Architecture(OnnxTopology.FAMILY, input(), nodes);
        Map<String, List<Piece>> places = new LinkedHashMap<>();
        for (ParameterTensor parameter : architecture.parameters()) {
            places.put(parameter.name(), pieces(parameter, tensors.get(parameter.name())));
        }
        return new OnnxNetwork(architecture, places, assumptions);
    }

    private String nameOf(int layer) {
        return layer == Drafts.INPUT ? Architecture.INPUT : names.getOrDefault(layer, "");
    }

    private Layer named(Draft draft) {
        if (draft.layer() instanceof Norm.GroupNorm norm
                && !norm.affine()
                && !draft.tensors().isEmpty()) {
            throw new IllegalArgumentException("'" + draft.hint() + "' has a gain and no shift, expected both or none");
        }
        return draft.layer() instanceof Embedding.TiedOutput tied
                ? new Embedding.TiedOutput(nameOf(Integer.parseInt(tied.embedding())))
                : draft.layer();
    }

    private static List<Piece> pieces(ParameterTensor parameter, @Nullable List<Fixed> parts) {
        if (parts == null) {
            throw new IllegalStateException("no values for " + parameter.name());
        }
        List<Piece> pieces = new ArrayList<>();
        long count = 0;
        for (Fixed part : parts) {
            if (!part.contiguous()) {
                throw new IllegalArgumentException("'" + parameter.name() + "' would be " + Descriptions.of(part)
                        + " in another order, which no layer has");
            }
            pieces.add(new Piece(((Stored) part.source()).tensor(), part.offset(), part.size()));
            count += part.size();
        }
        if (count != parameter.size()) {
            throw new IllegalArgumentException("'" + parameter.name() + "' " + parameter.shape() + ": expected "
                    + parameter.size() + " values, found " + count);
        }
        return List.copyOf(pieces);
    }

    private Input input() {
        Sample sample = drafts.input();
        List<Integer> positions = sample.positions();
        return switch (sample.layout()) {
            case VECTOR -> new Input.Features(sample.units());
            case SEQUENCE -> new Input.Sequence(positions.get(0), sample.units());
            case TOKENS -> new Input.Tokens(sample.units(), drafts.openLength() ? length() : positions.get(0));
            case MAP ->
                positions.size() == 1
                        ? new Input.Signal(sample.units(), positions.get(0))
                        : new Input.Image(sample.units(), positions.get(0), positions.get(1));
        };
    }

    private int length() {
        return drafts.longest() == Integer.MAX_VALUE ? OnnxTopology.LENGTH_DEFAULT : drafts.longest();
    }
}
