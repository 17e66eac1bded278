package dev.weft.symmetry.expand;

import dev.weft.network.Architecture;
import dev.weft.network.Architecture.Node;
import dev.weft.network.Convolution;
import dev.weft.network.Form;
import dev.weft.network.Layer;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One more layer behind a ReLU that passes everything on: the identity, or a kernel that is one in its centre, and a ReLU of its
 * own, which does nothing to values that are not negative (Chen et al. 2016, "Net2Net", section 2.3). Exact to the last bit.
 * Sines and GELUs are not the identity on what they put out, so behind those there is no such layer.
 */
public final class IdentityInsertion {

    private static final Pattern NUMBERED = Pattern.compile("(.*\\D)(\\d{1,8})");

    private final Architecture architecture;
    private final Node relu;
    private final Node weights;
    private final Set<String> counted = new HashSet<>(); // prefixes of the names that are numbered together
    private final int step;

    private IdentityInsertion(Architecture architecture, String name) {
        this.architecture = architecture;
        this.relu = node(name);
        if (!(relu.layer() instanceof Layer.Relu)) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no ReLU, so that no layer behind it can be the identity");
        }
        Node on = relu;
        while (!isWeighted(on)) {
            counted.add(prefix(on.name()));
            on = node(on.inputs().get(0));
        }
        this.weights = on;
        counted.add(prefix(on.name()));
        this.step = prefix(weights.name()).equals(prefix(relu.name())) ? 2 : 1;
    }

    /**
     * Inserts a layer behind a ReLU.
     *
     * @param row P values
     * @param relu name of its node; weights and ReLU of the new layer take the next numbers, those behind them move on
     */
    public static Expanded behind(Architecture architecture, double[] row, String relu) {
        architecture.requireRowLength(row.length);
        return new IdentityInsertion(architecture, relu).expanded(row);
    }

    private Node node(String name) {
        return architecture.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node '" + name + "' in " + architecture));
    }

    private static boolean isWeighted(Node node) {
        return node.layer() instanceof Layer.Linear
                || node.layer() instanceof Layer.InputMajorLinear
                || node.layer() instanceof Convolution;
    }

    private static Matcher numbered(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "expected layers with numbered names, for example seq.0 and act.0, found '" + name + "'");
        }
        return matcher;
    }

    private static String prefix(String name) {
        return numbered(name).group(1);
    }

    private static int number(String name) {
        return Integer.parseInt(numbered(name).group(2));
    }

    /** Returns the name that a node has behind the insertion. */
    private String later(String name) {
        Matcher matcher = NUMBERED.matcher(name);
        boolean moves = matcher.matches()
                && counted.contains(matcher.group(1))
                && Integer.parseInt(matcher.group(2)) > number(relu.name());
        return moves ? matcher.group(1) + (Integer.parseInt(matcher.group(2)) + step) : name;
    }

    private Expanded expanded(double[] row) {
        int next = number(relu.name()) + 1;
        Node identity = new Node(prefix(weights.name()) + next, identity(), List.of(relu.name()));
        Node again = new Node(prefix(relu.name()) + (next + step - 1), new Layer.Relu(), List.of(identity.name()));
        List<Node> nodes = new ArrayList<>();
        for (Node node : architecture.nodes()) {
            List<String> inputs = node.inputs().stream()
                    .map(name -> name.equals(relu.name()) ? again.name() : later(name))
                    .toList();
            nodes.add(new Node(later(node.name()), node.layer(), inputs));
            if (node.equals(relu)) {
                nodes.add(identity);
                nodes.add(again);
            }
        }
        Architecture larger = new Architecture(architecture.family(), architecture.input(), nodes);
        return new Expanded(larger, values(larger, row, identity));
    }

    private Layer identity() {
        Form form = architecture.formOf(relu.name());
        int units = form.units().size();
        if (weights.layer() instanceof Convolution old && form.layout() == Form.Layout.MAP) {
            List<Integer> kernel =
                    old.kernel().stream().map(extent -> extent - 1 + extent % 2).toList();
            List<Integer> padding = kernel.stream().map(extent -> extent / 2).toList();
            List<Integer> ones = kernel.stream().map(extent -> 1).toList();
            return new Convolution(units, units, kernel, ones, padding, ones, 1, old.bias());
        } else if (weights.layer() instanceof Layer.InputMajorLinear old) {
            return new Layer.InputMajorLinear(units, units, old.bias());
        } else if (weights.layer() instanceof Layer.Linear old) {
            return new Layer.Linear(units, units, old.bias());
        }
        throw new IllegalArgumentException("'" + relu.name() + "' puts out " + form.shape()
                + ", expected a vector, a sequence" + " or a map behind a convolution");
    }

    /** The names of what stays may have changed, its order has not. */
    private double[] values(Architecture larger, double[] row, Node identity) {
        double[] values = new double[Math.toIntExact(larger.parameterCount())];
        int old = 0;
        for (ParameterTensor tensor : larger.parameters()) {
            if (tensor.name().equals(ParameterTensor.nameOf(identity.name(), "weight"))) {
                setIdentity(tensor, values);
            } else if (!tensor.name().equals(ParameterTensor.nameOf(identity.name(), "bias"))) {
                System.arraycopy(row, old, values, (int) tensor.offset(), (int) tensor.size());
                old += (int) tensor.size();
            }
        }
        return values;
    }

    /** [n, n] or [n, n, *kernel]. */
    private static void setIdentity(ParameterTensor tensor, double[] values) {
        int n = tensor.shape().get(0);
        int taps = (int) (tensor.size() / n / n);
        for (int k = 0; k < n; k++) {
            values[(int) tensor.offset() + (k * n + k) * taps + taps / 2] = 1;
        }
    }
}
