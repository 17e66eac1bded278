package dev.weft.hypernets.ghn;

import dev.weft.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * One sweep of the gated graph network over one graph (Knyazev et al. 2021, equation 4): nodes in topological order, or
 * against it, hear of those that were visited before them, and take a step.
 *
 * <p>Exact and cached: what a node sends is computed once, behind its own step, and not once for each receiver: O(n d^2 + pairs
 * d).
 */
final class GatedSweep {

    private final ComputationGraph graph;
    private final boolean forward;
    private final int cutoff;
    private final MessageMap direct;
    private final @Nullable MessageMap virtual;
    private final GruCell cell;
    private final GruCell.Step[] steps;
    private final double[][] states;
    private final MessageMap.Message[] directMessages;
    private final MessageMap.Message[] virtualMessages;

    /**
     * Runs the sweep.
     *
     * @param forward whether messages go along the edges
     * @param cutoff the longest virtual edge
     * @param direct what is sent along edges
     * @param virtual what is sent along paths, divided by their length; direct edges are paths of length 1 too
     * @param before states of all nodes
     */
    GatedSweep(
            ComputationGraph graph,
            boolean forward,
            int cutoff,
            MessageMap direct,
            @Nullable MessageMap virtual,
            GruCell cell,
            double[][] before) {
        this.graph = graph;
        this.forward = forward;
        this.cutoff = cutoff;
        this.direct = direct;
        this.virtual = virtual;
        this.cell = cell;
        int n = before.length;
        steps = new GruCell.Step[n];
        states = new double[n][];
        directMessages = new MessageMap.Message[n];
        virtualMessages = new MessageMap.Message[n];
        for (int place = 0; place < n; place++) {
            visit(place, before);
        }
    }

    double[][] states() {
        return states;
    }

    private int node(int place) {
        return forward ? place : states.length - 1 - place;
    }

    private int distance(int earlier, int later) {
        int distance = forward ? graph.distance(earlier, later) : graph.distance(later, earlier);
        return distance <= cutoff ? distance : 0;
    }

    private void visit(int place, double[][] before) {
        int v = node(place);
        double[] sum = new double[cell.size()];
        for (int p = 0; p < place; p++) {
            int u = node(p);
            int distance = distance(u, v);
            if (distance == 1) {
                DenseMap.add(sum, 0, 1, directMessages[u].values(), 0, sum.length);
            }
            if (distance > 0 && virtual != null) {
                DenseMap.add(sum, 0, 1.0 / distance, virtualMessages[u].values(), 0, sum.length);
            }
        }
        steps[v] = cell.step(sum, before[v]);
        states[v] = steps[v].next();
        directMessages[v] = direct.of(states[v]);
        if (virtual != null) {
            virtualMessages[v] = virtual.of(states[v]);
        }
    }

    /**
     * Returns the gradient of the states before the sweep, and adds to those of the maps.
     *
     * @param ofStates gradient of the states behind the sweep; it is changed
     */
    double[][] back(double[][] ofStates) {
        int n = states.length;
        int size = cell.size();
        double[][] ofBefore = new double[n][size];
        double[][] ofDirect = new double[n][size];
        double[][] ofVirtual = new double[n][size];
        for (int place = n - 1; place >= 0; place--) {
            int v = node(place);
            direct.back(ofDirect[v], directMessages[v], states[v], ofStates[v]);
            if (virtual != null) {
                virtual.back(ofVirtual[v], virtualMessages[v], states[v], ofStates[v]);
            }
            double[] ofSum = new double[size];
            cell.back(ofStates[v], steps[v], ofSum, ofBefore[v]);
            for (int p = 0; p < place; p++) {
                int u = node(p);
                int distance = distance(u, v);
                if (distance == 1) {
                    DenseMap.add(ofDirect[u], 0, 1, ofSum, 0, size);
                }
                if (distance > 0) {
                    DenseMap.add(ofVirtual[u], 0, 1.0 / distance, ofSum, 0, size);
                }
            }
        }
        return ofBefore;
    }

    /** Returns what node v heard. */
    double[] heard(int v) {
        return steps[v].input();
    }
}
