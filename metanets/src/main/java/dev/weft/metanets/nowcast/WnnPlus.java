package dev.weft.metanets.nowcast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * WNN+ (Knyazev et al. 2025, after Jang et al. 2023): each parameter by itself, by its five scaled values and the type
 * of its edge. z = W a + b + T[type], then four affine maps with SiLU between; output k - 1 is the displacement.
 */
public final class WnnPlus implements NowcastModel {

    /** A tensor that only WNN+ has. */
    static final String SIGN = "edge_mlp.fc.0.weight";

    private static final String LAST = "edge_mlp.fc.6";

    private final int horizons;
    private final AffineMap input;
    private final double[][] types;
    private final List<AffineMap> hidden = new ArrayList<>();
    private final AffineMap output;

    WnnPlus(ReleasedWeights weights) throws IOException {
        int width = weights.size(SIGN, 0);
        horizons = weights.size(LAST + ".weight", 0);
        types = TypeTable.read(weights, width);
        input = weights.map("edge_proj.fc.0", width, Trajectory.STATES);
        for (int i = 0; i < 6; i += 2) {
            hidden.add(weights.map("edge_mlp.fc." + i, width, width));
        }
        output = weights.map(LAST, horizons, width);
        weights.requireAllTaken();
    }

    @Override
    public String name() {
        return "wnn+";
    }

    @Override
    public int horizons() {
        return horizons;
    }

    @Override
    public Forecast forecast(NDManager manager, WiredGraph graph, Trajectory states, ForecastSettings settings)
            throws IOException {
        settings.requireHorizonUpTo(horizons);
        Forecast forecast = new Forecast(graph.layout());
        int features = graph.features();
        TileValues values = new TileValues(states, StateScaling.of(states), features, settings.tileCells());
        try (NDManager sub = manager.newSubManager()) {
            Maps maps = new Maps(sub, settings, settings.tileCells() * values.width());
            for (EdgeBlock block : graph.blocks()) {
                if (block.forecast()) {
                    BlockTile.forEach(block, settings.tileCells(), tile -> {
                        float[] displacement = maps.displacement(values.read(tile), tile, features);
                        values.write(
                                tile,
                                displacement,
                                settings.updateScale(),
                                forecast.values(block.place().tensor()));
                    });
                }
            }
        }
        return forecast.requireFinite();
    }

    /** The maps of the horizons; the first hidden one takes in the input and the type. */
    private final class Maps {
        private final StagedArray staged;
        private final List<DeviceMap> first = new ArrayList<>();
        private final DeviceMap second;
        private final DeviceMap third;
        private final DeviceMap last;

        Maps(NDManager manager, ForecastSettings settings, int tileValues) {
            staged = new StagedArray(manager, tileValues);
            for (int type = 0; type < EdgeType.COUNT; type++) {
                AffineMap typed = input.withBias(AffineMap.sum(input.bias(), types[type]));
                first.add(DeviceMap.of(manager, hidden.get(0).after(typed)));
            }
            second = DeviceMap.of(manager, hidden.get(1));
            third = DeviceMap.of(manager, hidden.get(2));
            last = DeviceMap.of(manager, output.mean(settings.from() - 1, settings.count()));
        }

        float[] displacement(float[] values, BlockTile tile, int features) {
            int rows = tile.cells() * features;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray a = staged.put(values, new Shape(rows, Trajectory.STATES));
                NDArray h = Tensors.silu(first.get(tile.block().type().id()).apply(a));
                h = Tensors.silu(second.apply(h));
                h = Tensors.silu(third.apply(h));
                return last.apply(h).toFloatArray();
            }
        }
    }
}
