package dev.weft.metanets.nowcast;

import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.EdgeType;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The raw features of a tile's cells [cells, 5 F], value f of state t at 5 f + t: scaled parameters, 0 where a kernel is
 * smaller than F; edges without a parameter have their constant at f = 0.
 */
final class TileValues {

    private final Trajectory states;
    private final StateScaling scaling;
    private final int features;
    private final int[] positions;
    private final float[] values;

    /** @param cells the most that a tile has */
    TileValues(Trajectory states, StateScaling scaling, int features, int cells) {
        this.states = states;
        this.scaling = scaling;
        this.features = features;
        positions = new int[cells * features];
        values = new float[cells * width()];
    }

    /** Returns 5 F. */
    int width() {
        return features * Trajectory.STATES;
    }

    /** Returns the features of a tile, which hold until the next call. */
    float[] read(BlockTile tile) {
        Arrays.fill(values, 0, tile.cells() * width(), 0);
        if (tile.block().type().isParameter()) {
            locate(tile);
            for (int state = 0; state < Trajectory.STATES; state++) {
                read(tile, state);
            }
        } else {
            fill(tile.cells(), tile.block().type());
        }
        return values;
    }

    private void fill(int cells, EdgeType type) {
        for (int cell = 0; cell < cells; cell++) {
            Arrays.fill(values, cell * width(), cell * width() + Trajectory.STATES, type.constant());
        }
    }

    /** Finds the places of the tile's values, cell by cell. */
    private void locate(BlockTile tile) {
        EdgeBlock.Values place = tile.block().place();
        int next = 0;
        for (int r = 0; r < tile.rows(); r++) {
            for (int c = 0; c < tile.columns(); c++) {
                for (int f = 0; f < place.features(); f++) {
                    positions[next++] = (int) place.position(tile.firstRow() + r, tile.firstColumn() + c, f);
                }
            }
        }
    }

    private void read(BlockTile tile, int state) {
        RowTensor tensor = tile.block().place().tensor();
        FloatBuffer source = states.values(state, tensor);
        int own = tile.block().features();
        for (int cell = 0; cell < tile.cells(); cell++) {
            for (int f = 0; f < own; f++) {
                values[cell * width() + f * Trajectory.STATES + state] =
                        scaling.scaled(tensor, source.get(positions[cell * own + f]));
            }
        }
    }

    /**
     * Writes the forecasts of the tile that was read last.
     *
     * @param displacement of the scaled values [cells, F]
     * @param scale factor of the displacement
     * @param row the forecast of the tile's tensor
     */
    void write(BlockTile tile, float[] displacement, float scale, float[] row) {
        RowTensor tensor = tile.block().place().tensor();
        int own = tile.block().features();
        int last = Trajectory.STATES - 1;
        for (int cell = 0; cell < tile.cells(); cell++) {
            for (int f = 0; f < own; f++) {
                float scaled = values[cell * width() + f * Trajectory.STATES + last]
                        + scale * displacement[cell * features + f];
                row[positions[cell * own + f]] = scaling.unscaled(tensor, scaled);
            }
        }
    }
}
