package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.graph.ComputationGraph;
import dev.weft.network.Seed;
import dev.weft.network.family.Families;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatedGnnTest {

    private static final int HIDDEN = 8;

    static double[][] rows(NDArray array) {
        double[] flat = array.toType(DataType.FLOAT64, false).toDoubleArray();
        int width = (int) array.getShape().get(1);
        double[][] rows = new double[flat.length / width][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width));
        return rows;
    }

    /** Messages computed anew for each receiver, from the definition. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cachedMessagesAreThePlainOnes(boolean virtualEdges) {
        ComputationGraph graph =
                ComputationGraph.of(Families.named("resnet50").small().get());
        Propagation.Gated sizes = new Propagation.Gated(virtualEdges);
        try (NDManager manager = NDManager.newBaseManager()) {
            GatedGnn gnn = new GatedGnn(HIDDEN, sizes, new Seed(3));
            gnn.initialize(manager, DataType.FLOAT32);
            int n = graph.nodes().size();
            double[] flat =
                    new Seed(4).random().doubles((long) n * HIDDEN, -1, 1).toArray();
            NDArray features = manager.create(flat, new Shape(n, HIDDEN)).toType(DataType.FLOAT32, false);
            double[][] found = rows(gnn.forward(GhnFixture.pass(manager), features, List.of(graph)));
            double[][] plain = plain(gnn.new Maps(GhnFixture.pass(manager)), graph, rows(features), sizes.cutoff());
            for (int v = 0; v < n; v++) {
                assertArrayEquals(plain[v], found[v], 1e-6);
            }
        }
    }

    private static double[][] plain(GatedGnn.Maps maps, ComputationGraph graph, double[][] features, int cutoff) {
        double[][] states = features.clone();
        int n = states.length;
        for (int v = 0; v < n; v++) {
            states[v] = visited(maps, graph, states, v, true, cutoff);
        }
        for (int v = n - 1; v >= 0; v--) {
            states[v] = visited(maps, graph, states, v, false, cutoff);
        }
        return states;
    }

    private static double[] visited(
            GatedGnn.Maps maps, ComputationGraph graph, double[][] states, int v, boolean forward, int cutoff) {
        double[] sum = new double[HIDDEN];
        for (int u = 0; u < states.length; u++) {
            int distance = forward ? graph.distance(u, v) : graph.distance(v, u);
            if (distance == 1) {
                add(sum, maps.direct().of(states[u]).values(), 1);
            }
            if (distance >= 1 && distance <= cutoff && maps.virtual() != null) {
                add(sum, maps.virtual().of(states[u]).values(), 1.0 / distance);
            }
        }
        return maps.cell().step(sum, states[v]).next();
    }

    private static void add(double[] sum, double[] values, double factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * values[i];
        }
    }

    @Test
    void statesOfAGraphDoNotDependOnItsNeighbours() {
        ComputationGraph small =
                ComputationGraph.of(Families.named("cnn").small().get());
        ComputationGraph large =
                ComputationGraph.of(Families.named("resnet18").small().get());
        try (NDManager manager = NDManager.newBaseManager()) {
            for (GhnConfig config : List.of(GhnConfig.ghn2(8, 8, 3, 3), GhnConfig.ghn3(8, 8, 3, 3, 2, 2))) {
                GraphHyperNetwork model = new GraphHyperNetwork(config, new Seed(1));
                model.initialize(manager, DataType.FLOAT32);
                double[][] alone = rows(model.states(GhnFixture.pass(manager), List.of(large)));
                double[][] behind = rows(model.states(GhnFixture.pass(manager), List.of(small, large)));
                for (int v = 0; v < alone.length; v++) {
                    assertArrayEquals(alone[v], behind[small.nodes().size() + v], 1e-5);
                }
            }
        }
    }
}
