package dev.weft.hypernets.ghn;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How the nodes of a computation graph hear of each other. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Propagation.Gated.class, name = "gated"),
    @JsonSubTypes.Type(value = Propagation.Transformer.class, name = "transformer"),
    @JsonSubTypes.Type(value = Propagation.Nodes.class, name = "nodes"),
})
public sealed interface Propagation {

    /** The longest path that is a virtual edge. */
    int CUTOFF = 50;

    /** GHN-1 and GHN-2: a gated graph network, one sweep forward and one backward. */
    record Gated(boolean virtualEdges) implements Propagation {
        @Override
        public int cutoff() {
            return virtualEdges ? CUTOFF : 1;
        }
    }

    /** GHN-3: transformer layers over the nodes, with a bias for each distance. */
    record Transformer(int layers, int heads) implements Propagation {
        private static final int MOST_LAYERS = 1000; // files are not trusted

        public Transformer {
            if (layers < 1 || layers > MOST_LAYERS || heads < 1) {
                throw new IllegalArgumentException("a transformer needs 1 to " + MOST_LAYERS
                        + " layers, and heads, got " + layers + " and " + heads);
            }
        }

        @Override
        public int cutoff() {
            return CUTOFF;
        }
    }

    /** The baseline without edges: an MLP on each node by itself. */
    record Nodes() implements Propagation {
        @Override
        public int cutoff() {
            return 1;
        }
    }

    /** Returns the longest distance that makes an edge, virtual ones included. */
    int cutoff();
}
