package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.weft.datasets.inr.InrFitter.Fit;
import dev.weft.network.Seed;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PixelSamplingTest {

    private static final PixelSampling FIFTH = new PixelSampling(0.2);
    private static final InrRecipe RECIPE =
            InrRecipe.dws().withHidden(List.of(16, 16)).withLearningRate(2e-3).withSteps(300);

    private static PixelBatch numbered(int pixels) {
        PixelBatch batch = PixelBatch.of(new PixelGrid(1, pixels, PixelGrid.Order.XY), 1);
        for (int p = 0; p < pixels; p++) {
            batch.targets[0][p] = p;
        }
        return batch;
    }

    @Test
    void sharesGrowInTenStages() {
        assertEquals(20, FIFTH.count(0, 1000, 100));
        assertEquals(20, FIFTH.count(99, 1000, 100));
        assertEquals(29, FIFTH.count(100, 1000, 100));
        assertEquals(92, FIFTH.count(899, 1000, 100));
        assertEquals(100, FIFTH.count(900, 1000, 100));
        assertEquals(1, FIFTH.count(0, 1000, 1));
        assertEquals(100, PixelSampling.ALL.count(0, 1000, 100));
        for (double wrong : new double[] {0, -1, 1.5, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new PixelSampling(wrong));
        }
    }

    @Test
    void noPixelComesTwiceBeforeMostHaveCome() {
        PixelBatch all = numbered(100);
        PixelSampler sampler = new PixelSampler(RECIPE.withSampling(FIFTH), all);
        sampler.reset(new Seed(1));
        Set<Float> seen = new HashSet<>();
        for (int step = 0; step < 5; step++) {
            PixelBatch batch = sampler.at(step);
            assertEquals(20, batch.size());
            for (int p = 0; p < 20; p++) {
                int pixel = (int) batch.targets[0][p];
                assertTrue(seen.add(batch.targets[0][p]), "pixel " + pixel + " twice");
                assertEquals(all.coordinates[0][pixel], batch.coordinates[0][p]);
                assertEquals(all.coordinates[1][pixel], batch.coordinates[1][p]);
            }
        }
        assertSame(all, sampler.at(299));
        assertSame(all, new PixelSampler(RECIPE, all).at(0));
    }

    @Test
    void fitsDependOnTheirSeedOnlyAndStopWhenTheWholeImageIsGood() {
        InrRecipe recipe = RECIPE.withSampling(FIFTH);
        List<Fit> fits = CpuInrFitter.vector(2).fit(InrFitterContract.digits(recipe, 0, 4));
        List<Fit> plain = CpuInrFitter.plain(1).fit(InrFitterContract.digits(recipe, 0, 4));
        double worst = fits.stream().mapToDouble(Fit::psnr).min().orElseThrow();
        for (int i = 0; i < 4; i++) {
            Fit alone = CpuInrFitter.vector(1)
                    .fit(InrFitterContract.digits(recipe, i, 1))
                    .get(0);
            assertArrayEquals(alone.parameters(), fits.get(i).parameters());
            assertEquals(plain.get(i).psnr(), fits.get(i).psnr(), 1);
            Fit stopped = CpuInrFitter.vector(1)
                    .fit(InrFitterContract.digits(recipe.withStopPsnr(worst - 5), i, 1))
                    .get(0);
            assertTrue(stopped.steps() < 300 && stopped.steps() % 10 == 0, "stopped after " + stopped.steps());
            assertTrue(stopped.psnr() >= worst - 5, "stopped at " + stopped.psnr());
        }
        assertNotEquals(
                Arrays.hashCode(fits.get(0).parameters()),
                Arrays.hashCode(CpuInrFitter.vector(1)
                        .fit(InrFitterContract.digits(RECIPE, 0, 1))
                        .get(0)
                        .parameters()));
    }

    @Test
    void djlRefuses() {
        try (NDManager manager = NDManager.newBaseManager()) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> new DjlInrFitter(manager)
                                    .fit(InrFitterContract.digits(RECIPE.withSampling(FIFTH), 0, 1)))
                    .getMessage();
            assertEquals(
                    "DJL's fitter sees all pixels in every step; recipe dws asks for 0.2 of them at first", message);
        }
    }
}
