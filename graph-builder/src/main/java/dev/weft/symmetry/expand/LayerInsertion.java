package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Convolution;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One more residual layer that does nothing yet: a copy of an existing one behind it, whose branches write zeros. Everything
 * but the last layers of the branches keeps the copied values. The layers behind it are renumbered.
 */
public final class LayerInsertion {

    private static final Pattern NUMBERED = Pattern.compile("(.*\\D)(\\d{1,8})");

    private final Architecture architecture;
    private final double[] row;
    private final String prefix;
    private final int number;
    private final List<Node> layer;
    private final String input;
    private final Set<String> silent = new HashSet<>(); // nodes of the copy that write zeros, by their old names

    private LayerInsertion(Architecture architecture, double[] row, String name) {
        this.architecture = architecture;
        this.row = row;
        Matcher matcher = NUMBERED.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected a layer by its numbered name, for example transformer.h.3, got '" + name + "'");
        }
        this.prefix = matcher.group(1);
        this.number = Integer.parseInt(matcher.group(2));
        this.layer = architecture.nodes().stream()
                .filter(node -> number(node.name()) == number)
                .toList();
        if (layer.isEmpty()) {
            throw new IllegalArgumentException("no node of " + architecture + " is in a layer '" + name + "'");
        }
        this.input = input(name);
        silence(layer.get(layer.size() - 1).name(), name);
    }

    /**
     * Inserts a copy of a layer behind it.
     *
     * @param row P values
     * @param name what the names of the layer's nodes begin with, for example {@code transformer.h.3}
     * @throws IllegalArgumentException if the layer is not an input plus branches
     */
    public static Expanded repeat(Architecture architecture, double[] row, String name) {
        architecture.requireRowLength(row.length);
        return new LayerInsertion(architecture, row, name).expanded();
    }

    /** Returns the number of the layer that a node is in, -1 if it is in none. */
    private int number(String node) {
        if (!node.startsWith(prefix)) {
            return -1;
        }
        int end = prefix.length();
        while (end < node.length() && Character.isDigit(node.charAt(end))) {
            end++;
        }
        boolean ends = end == node.length() || node.charAt(end) == '.';
        return end > prefix.length() && ends ? Integer.parseInt(node.substring(prefix.length(), end)) : -1;
    }

    /** Returns the only node outside that the layer reads. */
    private String input(String name) {
        Set<String> inside = new HashSet<>();
        layer.forEach(node -> inside.add(node.name()));
        Set<String> outside = new HashSet<>();
        layer.forEach(node -> outside.addAll(node.inputs()));
        outside.removeAll(inside);
        if (outside.size() != 1) {
            throw new IllegalArgumentException(
                    "layer '" + name + "' reads " + outside + ", expected one node outside it");
        }
        return outside.iterator().next();
    }

    /** Follows the way from the output back to the input; what joins it on the way must be silent. */
    private void silence(String output, String name) {
        String on = output;
        while (!on.equals(input)) {
            Node node = node(on);
            if (node.layer() instanceof Junction.Add) {
                List<String> way =
                        node.inputs().stream().filter(this::leadsToInput).toList();
                if (way.size() != 1) {
                    throw notResidual(name, "'" + on + "' adds " + node.inputs());
                }
                node.inputs().stream()
                        .filter(other -> !other.equals(way.get(0)))
                        .forEach(other -> silent(other, name));
                on = way.get(0);
            } else if (node.layer() instanceof Layer.Relu && isRectified(input)) {
                on = node.inputs().get(0);
            } else {
                throw notResidual(name, "'" + on + "' changes what goes through it");
            }
        }
    }

    private boolean isRectified(String name) {
        return !name.equals(Architecture.INPUT) && node(name).layer() instanceof Layer.Relu;
    }

    /** Whether nothing but sums and rectifiers lie between a node and the input. */
    private boolean leadsToInput(String name) {
        if (name.equals(input)) {
            return true;
        }
        Node node = node(name);
        boolean passes =
                layer.contains(node) && (node.layer() instanceof Junction.Add || node.layer() instanceof Layer.Relu);
        return passes && node.inputs().stream().anyMatch(this::leadsToInput);
    }

    private void silent(String name, String of) {
        Node node = node(name);
        boolean norm = node.layer() instanceof Norm.BatchNorm batch && batch.affine();
        if (!norm
                && !(node.layer() instanceof Layer.Linear
                        || node.layer() instanceof Layer.InputMajorLinear
                        || node.layer() instanceof Layer.Gain
                        || node.layer() instanceof Convolution)) {
            throw notResidual(of, "its branch ends in '" + name + "', which can't be made zero");
        }
        silent.add(name);
    }

    private static IllegalArgumentException notResidual(String name, String why) {
        return new IllegalArgumentException("layer '" + name + "' can't be a layer that does nothing: " + why
                + "; expected its input plus branches");
    }

    private Node node(String name) {
        return architecture.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no layer"));
    }

    private Expanded expanded() {
        String last = layer.get(layer.size() - 1).name();
        List<Node> nodes = new ArrayList<>();
        Map<String, String> sources = new HashMap<>(); // of new nodes, the old ones whose values they have
        for (Node node : architecture.nodes()) {
            List<String> inputs = node.inputs().stream()
                    .map(name -> !layer.contains(node) && name.equals(last) ? shifted(name, number) : later(name))
                    .toList();
            nodes.add(new Node(later(node.name()), node.layer(), inputs));
            sources.put(later(node.name()), node.name());
            if (node.name().equals(last)) {
                layer.forEach(each -> {
                    nodes.add(copy(each, last));
                    sources.put(shifted(each.name(), number), each.name());
                });
            }
        }
        Architecture larger = new Architecture(architecture.family(), architecture.input(), nodes);
        return new Expanded(larger, values(larger, sources));
    }

    private Node copy(Node node, String last) {
        List<String> inputs = node.inputs().stream()
                .map(name -> name.equals(input) ? last : shifted(name, number))
                .toList();
        return new Node(shifted(node.name(), number), node.layer(), inputs);
    }

    /** Returns a name with the numbers of all layers behind this one increased. */
    private String later(String name) {
        return number(name) > number ? shifted(name, number(name)) : name;
    }

    private String shifted(String name, int from) {
        return prefix
                + (from + 1)
                + name.substring(prefix.length() + String.valueOf(from).length());
    }

    private double[] values(Architecture larger, Map<String, String> sources) {
        Map<String, ParameterTensor> old = new HashMap<>();
        architecture.parameters().forEach(tensor -> old.put(tensor.name(), tensor));
        double[] values = new double[Math.toIntExact(larger.parameterCount())];
        for (ParameterTensor tensor : larger.parameters()) {
            String node = sources.keySet().stream()
                    .filter(name -> belongs(tensor.name(), name))
                    .max(Comparator.comparingInt(String::length))
                    .orElseThrow();
            String source = sources.getOrDefault(node, node);
            boolean zero = number(node) == number + 1 && silent.contains(source) && tensor.trainable();
            ParameterTensor from = old.get(source + tensor.name().substring(node.length()));
            if (from != null && !zero) {
                System.arraycopy(row, (int) from.offset(), values, (int) tensor.offset(), (int) tensor.size());
            }
        }
        return values;
    }

    private static boolean belongs(String tensor, String node) {
        return tensor.equals(node) || tensor.startsWith(node.endsWith("_") ? node : node + ".");
    }
}
