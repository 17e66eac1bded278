package dev.weft.symmetry.align;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.network.Seed;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jgrapht.alg.matching.KuhnMunkresMinimalWeightBipartitePerfectMatching;
import org.jgrapht.graph.DefaultWeightedEdge;
import org.jgrapht.graph.SimpleWeightedGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentTest {

    @Test
    void aSmallCaseByHand() {
        double[][] gains = {{7, 5, 3}, {8, 6, 1}, {2, 9, 4}}; // 3 + 8 + 9 = 20
        assertArrayEquals(new int[] {2, 0, 1}, Assignment.maximum(gains));
    }

    @Test
    void nothingIsAssignedToNothing() {
        assertEquals(0, Assignment.maximum(new double[0][0]).length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"normal", "negative", "integer", "tied", "constant", "product"})
    void findsTheSumOfKuhnAndMunkres(String kind) {
        for (int n = 1; n <= 40; n += n < 8 ? 1 : 8) {
            for (int k = 0; k < 5; k++) {
                RandomGenerator random = new Seed(k).split(kind).split(n).random();
                double[][] gains = gains(kind, n, random);
                int[] columns = Assignment.maximum(gains);
                assertEquals(n, new HashSet<>(IntStream.of(columns).boxed().toList()).size(), kind);
                assertEquals(oracle(gains), Assignment.value(gains, columns), 1e-9 * n, kind + " " + n + " seed " + k);
            }
        }
    }

    private static double[][] gains(String kind, int n, RandomGenerator random) {
        DoubleSupplier draw = switch (kind) {
            case "negative" -> () -> -10 * random.nextDouble();
            case "integer" -> () -> random.nextInt(-50, 50);
            case "tied" -> () -> random.nextInt(3);
            case "constant" -> () -> 1;
            default -> random::nextGaussian;
        };
        double[][] gains = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                gains[i][j] = kind.equals("product") ? (i + 1.0) * (j + 1) : draw.getAsDouble();
            }
        }
        return gains;
    }

    /** JGraphT's solver wants a complete bipartite graph with vertices that are all different. */
    private static double oracle(double[][] gains) {
        int n = gains.length;
        SimpleWeightedGraph<Integer, DefaultWeightedEdge> graph = new SimpleWeightedGraph<>(DefaultWeightedEdge.class);
        Set<Integer> rows = new LinkedHashSet<>();
        Set<Integer> columns = new LinkedHashSet<>();
        for (int i = 0; i < n; i++) {
            graph.addVertex(i);
            graph.addVertex(n + i);
            rows.add(i);
            columns.add(n + i);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                graph.setEdgeWeight(graph.addEdge(i, n + j), -gains[i][j]);
            }
        }
        return -new KuhnMunkresMinimalWeightBipartitePerfectMatching<>(graph, rows, columns)
                .getMatching()
                .getWeight();
    }

    @Test
    void refusesWhatIsNoMatrixOfNumbers() {
        assertEquals(
                "gains: expected 2 columns in row 1, got 1",
                assertThrows(IllegalArgumentException.class, () -> Assignment.maximum(new double[][] {{1, 2}, {3}}))
                        .getMessage());
        assertEquals(
                "gains: expected finite values in row 0, got NaN",
                assertThrows(IllegalArgumentException.class, () -> Assignment.maximum(new double[][] {{Double.NaN}}))
                        .getMessage());
    }
}
