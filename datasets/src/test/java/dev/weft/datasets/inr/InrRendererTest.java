package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.testing.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

class InrRendererTest {

    /** f(x, y) = 2 sin(30 (0.01 x + 0.02 y)) + 0.5 by hand, on 2 rows and 3 columns. */
    @Test
    void drawsRowsOfColumnsAtAnyResolution() {
        InrRenderer renderer = new InrRenderer(InrRecipe.dws().withHidden(List.of(1)), 1);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = Rows.array(manager, new double[] {0.01, 0.02, 0, 2, 0});
            NDArray image = renderer.render(rows, 2, 3);
            assertEquals(new Shape(1, 2, 3, 1), image.getShape());
            double[] expected = new double[6];
            for (int p = 0; p < 6; p++) {
                expected[p] = 2 * Math.sin(0.3 * (p % 3 - 1) + 0.6 * (2 * (p / 3) - 1)) + 0.5;
            }
            assertArrayEquals(expected, image.toDoubleArray(), 1e-12);
            assertArrayEquals(new double[] {PixelRange.PSNR_MAX}, renderer.psnr(rows, image));
            assertEquals(20, renderer.psnr(rows, image.add(0.1))[0], 1e-9);
        }
    }

    /** The same network read with rows first and targets in [-1, 1]. */
    @Test
    void undoesTheRecipesRangeAndOrder() {
        InrRenderer renderer = new InrRenderer(InrRecipe.nfn().withHidden(List.of(1)), 1);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray rows = Rows.array(manager, new double[] {0.01, 0.02, 0, 2, 0});
            double corner = 2 * Math.sin(30 * (-0.01 + 0.02)); // row 0, column 1: first input -1, second 1
            assertEquals((corner + 1) / 2, renderer.render(rows, 2, 2).toDoubleArray()[1], 1e-12);
        }
    }
}
