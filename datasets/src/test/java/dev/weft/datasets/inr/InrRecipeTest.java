package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class InrRecipeTest {

    @Test
    void publishedNetworksHaveTheirParameters() {
        assertEquals("siren 2-32-32-1", InrRecipe.dws().architecture(1).toString());
        assertEquals(1185, InrRecipe.dws().architecture(1).parameterCount());
        assertEquals(1251, InrRecipe.nfn().architecture(3).parameterCount());
    }

    @Test
    void changesKeepTheRest() {
        InrRecipe changed = InrRecipe.dws()
                .withHidden(List.of(16))
                .withSteps(7)
                .withStopPsnr(33)
                .withLearningRate(0.1);
        assertEquals("siren 2-16-3", changed.architecture(3).toString());
        assertEquals(
                "{coordinates=xy, hidden=[16], learning_rate=0.1, name=dws, offset=0.5, optimizer=adam, pixels=[0.0, 1.0],"
                        + " scheme=dws, steps=7, stop_psnr=33.0, w0=30.0}",
                changed.provenance().toString());
        assertFalse(InrRecipe.nfn().provenance().containsKey("stop_psnr"));
    }

    @Test
    void refusesSettingsThatCannotBeMeant() {
        assertEquals(
                "recipe dws: the learning rate must be positive, got 0.0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> InrRecipe.dws().withLearningRate(0))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> InrRecipe.dws().withHidden(List.of()));
        assertThrows(IllegalArgumentException.class, () -> InrRecipe.dws().withSteps(-1));
        assertThrows(IllegalArgumentException.class, () -> InrRecipe.dws().withStopPsnr(Double.NaN));
        assertEquals(
                "no recipe 'x'; there are dws and nfn",
                assertThrows(IllegalArgumentException.class, () -> InrRecipe.named("x"))
                        .getMessage());
    }

    @Test
    void psnrCountsFromTheWholeRange() {
        assertEquals(40, PixelRange.UNIT.psnr(1e-4), 1e-9);
        assertEquals(40, PixelRange.SIGNED.psnr(4e-4), 1e-9);
        assertEquals(4e-4, PixelRange.SIGNED.meanSquaredError(40), 1e-12);
        assertEquals(0, PixelRange.UNIT.meanSquaredError(Double.POSITIVE_INFINITY));
        assertEquals(PixelRange.PSNR_MAX, PixelRange.UNIT.psnr(0));
    }

    @Test
    void gridRunsOverRowsWithTheFirstCoordinateOfItsOrder() {
        assertArrayEquals(
                new float[] {-1, -1, 0, -1, 1, -1, -1, 1, 0, 1, 1, 1},
                new PixelGrid(2, 3, PixelGrid.Order.XY).coordinates());
        assertArrayEquals(
                new float[] {-1, -1, -1, 0, -1, 1, 1, -1, 1, 0, 1, 1},
                new PixelGrid(2, 3, PixelGrid.Order.IJ).coordinates());
        assertArrayEquals(new float[] {0, 0}, new PixelGrid(1, 1, PixelGrid.Order.XY).coordinates());
    }
}
