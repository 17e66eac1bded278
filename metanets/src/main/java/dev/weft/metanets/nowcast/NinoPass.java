package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.util.function.Consumer;

/**
 * One forecast, in three sweeps over the edges: sums of raw features for the first layer's messages, sums of hidden values
 * for the second's, the output. Shapes: n nodes, d width, a tile has r x c cells.
 */
final class NinoPass {

    private final FoldedNino net;
    private final WiredGraph graph;
    private final ForecastSettings settings;
    private final TileValues values;
    private final NDManager manager;
    private final StagedArray staged;
    private final NDArray degrees; // [n, 1]
    private final Forecast forecast;

    NinoPass(FoldedNino net, WiredGraph graph, Trajectory states, StateScaling scaling, ForecastSettings settings) {
        this.net = net;
        this.graph = graph;
        this.settings = settings;
        this.manager = net.manager;
        values = new TileValues(states, scaling, net.features, settings.tileCells());
        staged = new StagedArray(manager, settings.tileCells() * values.width());
        degrees = manager.create(degrees(graph), new Shape(graph.nodes(), 1));
        forecast = new Forecast(graph.layout());
    }

    private static float[] degrees(WiredGraph graph) {
        float[] degrees = new float[graph.nodes()];
        for (EdgeBlock block : graph.blocks()) {
            boolean columns = block.form() == EdgeBlock.Form.SOURCE_ROWS;
            int targets = columns ? block.columns() : block.rows();
            int each = columns ? block.rows() : block.columns();
            for (int i = 0; i < targets; i++) {
                degrees[block.firstTarget() + i] += each;
            }
        }
        return degrees;
    }

    Forecast run() {
        float[] encoding = settings.encoding();
        NDArray x = net.nodes(graph.nodes(), graph.tokens(), encoding == null ? new float[0] : encoding);
        x = next(0, x, received0(x));
        EdgeShares first = shares(0, x);
        x = next(1, x, received1(first, x));
        EdgeShares second = shares(1, x);
        x.close();
        forecast(first, second);
        return forecast;
    }

    /** The ends' shares in an edge update, [n, d] each. */
    private record EdgeShares(NDArray source, NDArray target) {}

    private EdgeShares shares(int layer, NDArray x) {
        return new EdgeShares(
                net.nodes[layer].updateSource().apply(x),
                net.nodes[layer].updateTarget().apply(x));
    }

    /** Returns the nodes' next states; x and g are given up. */
    private NDArray next(int layer, NDArray x, NDArray g) {
        try (x;
                g;
                NDArray self = net.nodes[layer].self().apply(x)) {
            return Tensors.silu(net.nodes[layer].received().apply(g).addi(self));
        }
    }

    private void sweep(Consumer<BlockTile> action) {
        for (EdgeBlock block : graph.blocks()) {
            BlockTile.forEach(block, settings.tileCells(), action);
        }
    }

    /** Returns the mean message of the first layer, [n, d]. */
    private NDArray received0(NDArray x) {
        NDArray source = net.nodes[0].messageSource().apply(x);
        NDArray target = net.nodes[0].messageTarget().apply(x);
        boolean uniform = x.getShape().get(0) == 1;
        FeatureSums sums = new FeatureSums(graph.nodes(), net.features);
        NDArray products = manager.zeros(new Shape(uniform ? 1 : graph.nodes(), net.width));
        sweep(tile -> {
            float[] features = values.read(tile);
            sums.add(tile, features);
            if (!uniform) {
                try (NDArray inputs = features(tile, features)) {
                    addProducts(tile, net.scale0.get(tile.block().type().id()), inputs, source, products);
                }
            }
        });
        try (NDArray raw = sums.array(manager);
                NDArray scale = net.scaleSums0.apply(raw)) {
            NDArray shift = net.shiftSums0.apply(raw);
            NDArray both = uniform ? target.add(source) : target;
            return shift.addi(scale.muli(both)).addi(products).divi(degrees);
        }
    }

    /** Returns the raw features of a tile, [r c, 5 F]. */
    private NDArray features(BlockTile tile, float[] features) {
        return staged.put(features, new Shape(tile.cells(), values.width()));
    }

    /** Adds the sum over each target's edges of affine(inputs) times the source's vector. */
    private void addProducts(BlockTile tile, DeviceMap map, NDArray inputs, NDArray source, NDArray sums) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray products = cells(tile, map.apply(inputs)).muli(spreadSources(tile, source));
            addToTargets(tile, products, sums);
        }
    }

    private NDArray cells(BlockTile tile, NDArray x) {
        return x.reshape(tile.rows(), tile.columns(), net.width);
    }

    /** Returns the sources' vectors in a shape that spreads over the tile's cells. */
    private NDArray spreadSources(BlockTile tile, NDArray x) {
        return Tensors.rows(x, tile.firstSource(), tile.sources()).expandDims(tile.sourcesAreRows() ? 1 : 0);
    }

    private NDArray spreadTargets(BlockTile tile, NDArray x) {
        return Tensors.rows(x, tile.firstTarget(), tile.targets()).expandDims(tile.targetsAreRows() ? 1 : 0);
    }

    private void addToTargets(BlockTile tile, NDArray x, NDArray sums) {
        Tensors.rows(sums, tile.firstTarget(), tile.targets()).addi(x.sum(new int[] {tile.targetsAreRows() ? 1 : 0}));
    }

    /** Returns h0, [r, c, d]. */
    private NDArray hidden0(BlockTile tile, float[] features, EdgeShares shares) {
        NDArray own = net.edge0.get(tile.block().type().id()).apply(features(tile, features));
        return hidden(tile, own, shares);
    }

    private NDArray hidden(BlockTile tile, NDArray own, EdgeShares shares) {
        NDArray sum =
                cells(tile, own).addi(spreadSources(tile, shares.source)).addi(spreadTargets(tile, shares.target));
        return Tensors.silu(sum);
    }

    /** Returns the mean message of the second layer, [n, d]. */
    private NDArray received1(EdgeShares shares, NDArray x) {
        NDArray sums = manager.zeros(new Shape(graph.nodes(), net.width));
        NDArray products = manager.zeros(new Shape(graph.nodes(), net.width));
        try (sums;
                NDArray source = net.nodes[1].messageSource().apply(x)) {
            sweep(tile -> {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray hidden = hidden0(tile, values.read(tile), shares);
                    addToTargets(tile, hidden, sums);
                    addProducts(tile, net.scale1, hidden, source, products);
                }
            });
            products.divi(degrees);
            sums.divi(degrees);
            try (NDArray target = net.nodes[1].messageTarget().apply(x);
                    NDArray scale = net.scale1.apply(sums);
                    NDArray shift = net.shift1.apply(sums)) {
                return products.addi(shift).addi(scale.muli(target));
            }
        }
    }

    private void forecast(EdgeShares first, EdgeShares second) {
        for (EdgeBlock block : graph.blocks()) {
            if (block.forecast()) {
                float[] row = forecast.values(block.place().tensor());
                BlockTile.forEach(block, settings.tileCells(), tile -> {
                    float[] displacement = displacement(tile, first, second);
                    values.write(tile, displacement, settings.updateScale(), row);
                });
            }
        }
    }

    private float[] displacement(BlockTile tile, EdgeShares first, EdgeShares second) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray hidden = hidden0(tile, values.read(tile), first);
            hidden = hidden(tile, net.edge1.apply(hidden), second);
            return net.output
                    .apply(Tensors.silu(net.outputHidden.apply(hidden)))
                    .toFloatArray();
        }
    }

    /** Sums of the raw features and numbers of edges by type, for each target. */
    private static final class FeatureSums {
        private final int nodes;
        private final int features;
        private final int width;
        private final double[] sums;

        FeatureSums(int nodes, int features) {
            this.nodes = nodes;
            this.features = features * Trajectory.STATES;
            width = this.features + EdgeType.COUNT;
            sums = new double[Math.multiplyExact(nodes, width)];
        }

        void add(BlockTile tile, float[] values) {
            int type = tile.block().type().id();
            for (int r = 0; r < tile.rows(); r++) {
                for (int c = 0; c < tile.columns(); c++) {
                    int at = (tile.firstTarget() + (tile.targetsAreRows() ? r : c)) * width;
                    int cell = (r * tile.columns() + c) * features;
                    for (int i = 0; i < features; i++) {
                        sums[at + i] += values[cell + i];
                    }
                    sums[at + features + type]++;
                }
            }
        }

        /** Returns the sums, [n, 5 F + types]. */
        NDArray array(NDManager manager) {
            return manager.create(AffineMap.floats(sums), new Shape(nodes, width));
        }
    }
}
