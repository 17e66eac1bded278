package dev.weft.metanets.nowcast;

import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Some rows and columns of a block: what is computed at once.
 *
 * @param firstRow number of the first row
 * @param rows number of rows
 * @param firstColumn number of the first column
 * @param columns number of columns
 */
record BlockTile(EdgeBlock block, int firstRow, int rows, int firstColumn, int columns) {

    /**
     * Cuts a block into tiles of at most {@code limit} cells; whole rows if they fit.
     *
     * @throws CancellationException if the thread is interrupted; then no more tiles are begun
     */
    static void forEach(EdgeBlock block, int limit, Consumer<BlockTile> action) {
        int columns = Math.min(block.columns(), limit);
        int rows = limit / columns;
        for (int r = 0; r < block.rows(); r += rows) {
            for (int c = 0; c < block.columns(); c += columns) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("the forecast was interrupted");
                }
                action.accept(new BlockTile(
                        block, r, Math.min(rows, block.rows() - r), c, Math.min(columns, block.columns() - c)));
            }
        }
    }

    int cells() {
        return rows * columns;
    }

    /** Whether the rows are the sources (and, in a diagonal, the targets too). */
    boolean sourcesAreRows() {
        return block.form() != EdgeBlock.Form.TARGET_ROWS;
    }

    boolean targetsAreRows() {
        return block.form() != EdgeBlock.Form.SOURCE_ROWS;
    }

    int firstSource() {
        return block.source(firstRow, firstColumn);
    }

    int sources() {
        return sourcesAreRows() ? rows : columns;
    }

    int firstTarget() {
        return block.target(firstRow, firstColumn);
    }

    int targets() {
        return targetsAreRows() ? rows : columns;
    }
}
