package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.weft.datasets.inr.InrFitter.Fit;
import dev.weft.datasets.inr.InrFitter.Problem;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CpuInrFitterTest extends InrFitterContract {

    @Override
    InrFitter fitter(NDManager manager) {
        return new CpuInrFitter(2);
    }

    @Test
    void agreesWithAutograd() {
        Problem problem = digits(RECIPE, 0, 4);
        List<Fit> fits = new CpuInrFitter(1).fit(problem);
        try (NDManager manager = NDManager.newBaseManager()) {
            List<Fit> reference = new DjlInrFitter(manager).fit(problem);
            for (int i = 0; i < fits.size(); i++) {
                assertEquals(reference.get(i).steps(), fits.get(i).steps());
                assertEquals(reference.get(i).psnr(), fits.get(i).psnr(), 1e-2);
                assertArrayEquals(reference.get(i).parameters(), fits.get(i).parameters(), 1e-4f);
            }
        }
    }

    @Test
    void agreesWithAutogradOverSeveralTilesAndChannels() {
        int side = 15; // 225 pixels: two tiles, the second not full
        float[] image = new float[side * side * 3];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) (0.5 + 0.5 * Math.sin(i * 0.05));
        }
        InrRecipe recipe =
                InrRecipe.nfn().withHidden(List.of(9, 6, 5)).withSteps(20).withLearningRate(1e-3);
        Problem problem = new Problem(recipe, side, side, 3, List.of(image), List.of(new Seed(1)));
        Fit fit = new CpuInrFitter(1).fit(problem).get(0);
        try (NDManager manager = NDManager.newBaseManager()) {
            Fit reference = new DjlInrFitter(manager).fit(problem).get(0);
            assertArrayEquals(reference.parameters(), fit.parameters(), 1e-4f);
        }
    }

    @Test
    void bitsDependOnNeitherThreadsNorNeighbours() {
        List<Fit> one = new CpuInrFitter(1).fit(digits(RECIPE, 0, 6));
        List<Fit> three = new CpuInrFitter(3).fit(digits(RECIPE, 0, 6));
        for (int i = 0; i < 6; i++) {
            Fit alone = new CpuInrFitter(1).fit(digits(RECIPE, i, 1)).get(0);
            assertArrayEquals(alone.parameters(), one.get(i).parameters());
            assertArrayEquals(alone.parameters(), three.get(i).parameters());
        }
    }

    @Test
    void bitsAreThoseOfEveryPlatform() {
        float[] row = new CpuInrFitter(1).fit(digits(RECIPE, 0, 1)).get(0).parameters();
        assertEquals(706172196, Arrays.hashCode(row)); // seen with C2, C1 and the interpreter
    }

    @Test
    void fullRecipeReachesFortyDecibelOnADigit() {
        Fit fit = new CpuInrFitter(1).fit(digits(InrRecipe.dws(), 0, 1)).get(0);
        assertTrue(fit.psnr() >= 40 && fit.steps() < 1000, fit.psnr() + " dB after " + fit.steps());
    }

    @Test
    void refusesProblemsThatDoNotFit() {
        Problem good = digits(RECIPE, 0, 1);
        assertEquals(
                "expected a seed for each of 1 images, got 0",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Problem(RECIPE, 8, 8, 1, good.images(), List.of()))
                        .getMessage());
        assertEquals(
                "image 0: expected 8 x 8 x 3 values, got 64",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new Problem(RECIPE, 8, 8, 3, good.images(), good.seeds()))
                        .getMessage());
        assertEquals(List.of(), new CpuInrFitter(1).fit(new Problem(RECIPE, 8, 8, 1, new ArrayList<>(), List.of())));
        assertThrows(IllegalArgumentException.class, () -> new CpuInrFitter(0));
    }
}
