package dev.weft.hypernets.ghn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import dev.weft.graph.ComputationGraph;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nn.SeededInitializer;
import dev.weft.metanets.nn.Tape;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The gated graph network of GHN-1 and, with virtual edges, GHN-2: a sweep forward and a sweep backward, see {@link
 * GatedSweep}.
 *
 * <p>A visit is some ten thousand multiplications, less than what a handful of the engine's calls cost, so the sweeps and
 * their gradients are loops of ours in float64.
 */
final class GatedGnn extends NodeEncoder {

    private static final int GATES = 3;

    private final int hidden;
    private final int cutoff;
    private final boolean virtualEdges;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    GatedGnn(int hidden, Propagation.Gated sizes, Seed seed) {
        this.hidden = hidden;
        cutoff = sizes.cutoff();
        virtualEdges = sizes.virtualEdges();
        int inner = virtualEdges ? hidden / 2 : hidden;
        for (String map : virtualEdges ? List.of("mlp", "mlp_ve") : List.of("mlp")) {
            add(map + ".fc.0.weight", map + ".fc.0.bias", inner, hidden, hidden, seed);
            add(map + ".fc.2.weight", map + ".fc.2.bias", hidden, inner, inner, seed);
        }
        add("gru.weight_ih", "gru.bias_ih", GATES * hidden, hidden, hidden, seed);
        add("gru.weight_hh", "gru.bias_hh", GATES * hidden, hidden, hidden, seed);
    }

    private void add(String weight, String bias, int out, int in, int fanIn, Seed seed) {
        parameters.put(
                weight, parameter(weight, new Shape(out, in), SeededInitializer.fanIn(seed.split(weight), fanIn)));
        parameters.put(bias, parameter(bias, new Shape(out), SeededInitializer.fanIn(seed.split(bias), fanIn)));
    }

    @Override
    NDArray forward(ForwardPass pass, NDArray features, List<ComputationGraph> graphs) {
        Tape tape = pass.tape().orElse(null);
        if (pass.training() && tape == null) {
            throw new IllegalStateException("this network's gradients are made by hand: train with a recording pass");
        }
        Maps maps = new Maps(pass);
        List<Sweeps> sweeps = new ArrayList<>();
        double[][] before = rows(features);
        List<double[]> after = new ArrayList<>();
        for (ComputationGraph graph : graphs) {
            int end = after.size() + graph.nodes().size();
            Sweeps both = maps.sweep(graph, Arrays.copyOfRange(before, after.size(), end));
            sweeps.add(both);
            after.addAll(List.of(both.backward.states()));
        }
        NDArray states = array(features, flat(after));
        if (tape == null) {
            return states;
        }
        NDArray leaf = Tape.leaf(states);
        tape.add(collector -> collector.backward(maps.pulled(sweeps, features, leaf)));
        return leaf;
    }

    int cutoff() {
        return cutoff;
    }

    boolean virtualEdges() {
        return virtualEdges;
    }

    /** Returns a parameter by its name. */
    NDArray value(ForwardPass pass, String name) {
        return pass.value(Objects.requireNonNull(parameters.get(name), name));
    }

    private double[][] rows(NDArray array) {
        double[] flat = array.toType(DataType.FLOAT64, false).toDoubleArray();
        double[][] rows = new double[flat.length / hidden][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(flat, i * hidden, (i + 1) * hidden);
        }
        return rows;
    }

    private static double[] flat(List<double[]> rows) {
        return rows.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** Returns values in the shape and type of another array. */
    private static NDArray array(NDArray like, double[] values) {
        return like.getManager()
                .create(values, like.getShape())
                .toType(like.getDataType(), false)
                .toDevice(like.getDevice(), false);
    }

    /** Both sweeps over one graph. */
    record Sweeps(GatedSweep forward, GatedSweep backward) {

        double[][] back(double[][] ofStates) {
            return forward.back(backward.back(ofStates));
        }
    }

    /** The parameters of one pass in the form that the sweeps use. */
    final class Maps {
        private final ForwardPass pass;
        private final Map<String, DenseMap> dense = new LinkedHashMap<>(); // by the name of the weight
        private final MessageMap direct;
        private final @Nullable MessageMap virtual;
        private final GruCell cell;

        Maps(ForwardPass pass) {
            this.pass = pass;
            for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
                if (entry.getKey().contains("weight")) {
                    Shape shape = entry.getValue().getShape();
                    DenseMap map = new DenseMap(
                            (int) shape.get(1),
                            (int) shape.get(0),
                            values(entry.getKey()),
                            values(bias(entry.getKey())));
                    dense.put(entry.getKey(), map);
                }
            }
            direct = message("mlp");
            virtual = virtualEdges ? message("mlp_ve") : null;
            cell = new GruCell(hidden, dense("gru.weight_ih"), dense("gru.weight_hh"));
        }

        private static String bias(String weight) {
            return weight.replace("weight", "bias");
        }

        private MessageMap message(String name) {
            return new MessageMap(dense(name + ".fc.0.weight"), dense(name + ".fc.2.weight"));
        }

        private DenseMap dense(String weight) {
            return Objects.requireNonNull(dense.get(weight), weight);
        }

        private NDArray value(String name) {
            return GatedGnn.this.value(pass, name);
        }

        private double[] values(String name) {
            return value(name).toType(DataType.FLOAT64, false).toDoubleArray();
        }

        MessageMap direct() {
            return direct;
        }

        @Nullable
        MessageMap virtual() {
            return virtual;
        }

        GruCell cell() {
            return cell;
        }

        Sweeps sweep(ComputationGraph graph, double[][] before) {
            GatedSweep forward = new GatedSweep(graph, true, cutoff, direct, virtual, cell, before);
            return new Sweeps(forward, new GatedSweep(graph, false, cutoff, direct, virtual, cell, forward.states()));
        }

        /** Takes the gradient of the final states back; returns what gives theirs to features and parameters. */
        NDArray pulled(List<Sweeps> sweeps, NDArray features, NDArray leaf) {
            double[][] ofStates = rows(leaf.getGradient());
            List<double[]> ofFeatures = new ArrayList<>();
            for (Sweeps both : sweeps) {
                int end = ofFeatures.size() + both.backward.states().length;
                ofFeatures.addAll(List.of(both.back(Arrays.copyOfRange(ofStates, ofFeatures.size(), end))));
            }
            NDArray sum = Tape.pull(features, array(features, flat(ofFeatures)));
            for (Map.Entry<String, DenseMap> entry : dense.entrySet()) {
                sum = sum.add(pulled(entry.getKey(), entry.getValue().weightGradient()))
                        .add(pulled(bias(entry.getKey()), entry.getValue().biasGradient()));
            }
            return sum;
        }

        private NDArray pulled(String name, double[] gradient) {
            NDArray value = value(name);
            return Tape.pull(value, array(value, gradient));
        }
    }
}
