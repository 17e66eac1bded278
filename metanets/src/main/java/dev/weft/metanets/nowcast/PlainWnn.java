package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import dev.weft.network.Seed;

/**
 * {@link WnnPlus} in the engine's operations, to be trained. (The reference cannot train it: it puts K outputs where there is
 * room for one.)
 */
public final class PlainWnn extends PlainForecaster {

    private static final String HIDDEN = "edge_mlp.fc.";
    private static final int LAST = 6;

    /**
     * @param width d
     * @param horizons K
     */
    public PlainWnn(int width, int horizons, Seed seed) {
        super(horizons, seed);
        table("layer_embed", EdgeType.COUNT, width);
        map("edge_proj.fc.0", true, width, Trajectory.STATES);
        for (int i = 0; i < LAST; i += 2) {
            map(HIDDEN + i, true, width, width);
        }
        lastMap(HIDDEN + LAST, horizons, width);
    }

    @Override
    public int features() {
        return Integer.MAX_VALUE;
    }

    @Override
    public NDArray forward(ForwardPass pass, BlockEdges graph, NDArray raw, NDArray encoding) {
        long b = raw.getShape().get(0);
        long e = raw.getShape().get(1);
        long values = raw.getShape().get(2) / Trajectory.STATES;
        NDArray types = graph.types().matMul(value(pass, "layer_embed.weight"));
        NDArray a = raw.reshape(b, e, values, Trajectory.STATES);
        NDArray h = apply(pass, "edge_proj.fc.0", a).add(types.expandDims(1)); // [b, e, F, d]
        for (int i = 0; i < LAST; i += 2) {
            h = silu(apply(pass, HIDDEN + i, h));
        }
        return apply(pass, HIDDEN + LAST, h).reshape(b, e, values * horizons());
    }
}
