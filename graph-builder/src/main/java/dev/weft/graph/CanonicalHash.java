package dev.weft.graph;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jgrapht.Graphs;

/**
 * A digest of a computation graph that does not depend on names or on the order of its nodes: isomorphic graphs have the
 * same one. Each node is described by its operation, its shape, and the descriptions of all that comes before and, apart,
 * behind it; O(N + E) digests. Different graphs share a digest only if they look alike from each of their nodes.
 */
public final class CanonicalHash {

    private CanonicalHash() {}

    /** Returns the digest in 64 hexadecimal digits. */
    public static String of(ComputationGraph graph) {
        List<ComputationNode> nodes = graph.nodes();
        String[] before = new String[nodes.size()];
        for (ComputationNode node : nodes) {
            before[node.index()] = described(node, before, each -> Graphs.predecessorListOf(graph.graph(), each));
        }
        String[] behind = new String[nodes.size()];
        for (int i = nodes.size() - 1; i >= 0; i--) {
            behind[i] = described(nodes.get(i), behind, each -> Graphs.successorListOf(graph.graph(), each));
        }
        String[] both = new String[nodes.size()];
        Arrays.setAll(both, i -> before[i] + behind[i]);
        return digest(Arrays.stream(both).sorted().collect(Collectors.joining(" ")));
    }

    private static String described(
            ComputationNode node, String[] known, Function<ComputationNode, List<ComputationNode>> neighbours) {
        String around = neighbours.apply(node).stream()
                .map(each -> known[each.index()])
                .sorted()
                .collect(Collectors.joining(" "));
        return digest(node.operation().label() + node.shape() + ' ' + around);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
