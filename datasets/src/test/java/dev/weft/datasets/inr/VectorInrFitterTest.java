package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.datasets.inr.InrFitter.Fit;
import java.util.List;
import org.junit.jupiter.api.Test;

class VectorInrFitterTest extends CpuInrFitterContract {

    @Override
    CpuInrFitter fitter(int threads) {
        return CpuInrFitter.vector(threads);
    }

    @Test
    void isTheStandardWhereItWorks() {
        assertTrue(CpuInrFitter.hasVectors());
        assertEquals("vector-" + VectorLoops.LANES, InrFitter.standard().name());
    }

    @Test
    void errorHasTheBitsOfTheLoss() {
        List<SirenKernel.Shape> shapes = SirenKernel.Shape.of(RECIPE, 1);
        SirenKernel kernel = new VectorSirenKernel(shapes, 64);
        PixelBatch pixels = PixelBatch.of(new PixelGrid(8, 8, PixelGrid.Order.XY), 1);
        List<Fit> fits = fitter(1).fit(digits(RECIPE, 0, 1));
        float[] row = fits.get(0).parameters();
        assertEquals(kernel.loss(row, pixels, new float[row.length]), kernel.error(row, pixels));
    }
}
