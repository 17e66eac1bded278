package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.datasets.image.Digits;
import dev.weft.datasets.inr.InrFitter.Fit;
import dev.weft.datasets.inr.InrFitter.Problem;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** What every fitter promises. To test one: extend this and say how to make it. */
abstract class InrFitterContract {

    /** Small and quick to fit. */
    static final InrRecipe RECIPE =
            InrRecipe.dws().withHidden(List.of(16, 16)).withSteps(60).withLearningRate(2e-3);

    abstract InrFitter fitter(NDManager manager);

    static Problem digits(InrRecipe recipe, int first, int count) {
        List<float[]> images = new ArrayList<>();
        List<Seed> seeds = new ArrayList<>();
        for (int i = first; i < first + count; i++) {
            try {
                images.add(Digits.load().image(i));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            seeds.add(new Seed(5).split(i));
        }
        return new Problem(recipe, 8, 8, 1, images, seeds);
    }

    private List<Fit> fit(Problem problem) {
        try (NDManager manager = NDManager.newBaseManager()) {
            return fitter(manager).fit(problem);
        }
    }

    @Test
    void aNetworkDoesNotDependOnTheNetworksBesideIt() {
        List<Fit> together = fit(digits(RECIPE, 0, 5));
        for (int i = 0; i < 5; i++) {
            Fit alone = fit(digits(RECIPE, i, 1)).get(0);
            assertArrayEquals(alone.parameters(), together.get(i).parameters(), 1e-4f);
            assertEquals(alone.psnr(), together.get(i).psnr(), 1e-2);
        }
    }

    @Test
    void reportedPsnrIsThatOfTheParameters() {
        for (InrRecipe recipe : List.of(RECIPE, InrRecipe.nfn().withSteps(20).withLearningRate(1e-3))) {
            Problem problem = digits(recipe, 0, 2);
            List<Fit> fits = fit(problem);
            try (NDManager manager = NDManager.newBaseManager()) {
                NDArray rows = manager.create(
                        new float[][] {fits.get(0).parameters(), fits.get(1).parameters()});
                NDArray images =
                        manager.create(problem.images().toArray(new float[0][])).reshape(new Shape(2, 8, 8, 1));
                double[] psnr = new InrRenderer(recipe, 1).psnr(rows, images);
                assertEquals(psnr[0], fits.get(0).psnr(), 1e-2);
                assertEquals(psnr[1], fits.get(1).psnr(), 1e-2);
            }
        }
    }

    @Test
    void aNetworkThatIsGoodEnoughIsLeftAlone() {
        List<Fit> free = fit(digits(RECIPE, 0, 6));
        double stop = free.stream().mapToDouble(Fit::psnr).sorted().toArray()[3];
        List<Fit> stopped = fit(digits(RECIPE.withStopPsnr(stop), 0, 6));
        long early = stopped.stream().filter(fit -> fit.steps() < 60).count();
        assertTrue(early >= 2 && early < 6, early + " of 6 stopped early");
        for (int i = 0; i < 6; i++) {
            Fit fit = stopped.get(i);
            if (fit.steps() < 60) {
                assertTrue(fit.psnr() > stop - 1e-3, fit.psnr() + " dB, expected at least " + stop);
                Fit before =
                        fit(digits(RECIPE.withSteps(fit.steps() - 1), i, 1)).get(0);
                assertTrue(before.psnr() < stop, "a step earlier it had " + before.psnr() + " dB already");
                Fit cut = fit(digits(RECIPE.withSteps(fit.steps()), i, 1)).get(0);
                assertArrayEquals(cut.parameters(), fit.parameters(), 1e-4f);
            } else {
                assertArrayEquals(free.get(i).parameters(), fit.parameters(), 1e-4f);
            }
        }
    }

    @Test
    void noStepsLeaveTheStart() {
        Fit fit = fit(digits(RECIPE.withSteps(0), 0, 1)).get(0);
        assertEquals(0, fit.steps());
        float[] start = SirenInit.draw(RECIPE, RECIPE.architecture(1), new Seed(5).split(0));
        assertArrayEquals(start, fit.parameters());
    }

    @Test
    void divergenceIsAnError() {
        String message = assertThrows(
                        IllegalStateException.class, () -> fit(digits(RECIPE.withLearningRate(1e30), 0, 1)))
                .getMessage();
        assertTrue(message.contains("diverged") && message.contains("1.0E30"), message);
    }

    @Test
    void interruptedThreadGetsACancellation() {
        Thread.currentThread().interrupt();
        assertThrows(CancellationException.class, () -> fit(digits(RECIPE, 0, 1)));
        assertTrue(Thread.interrupted(), "the flag stays for the caller");
    }

    @Test
    void severalChannelsAndOddSizesAreFitted() {
        float[] image = new float[5 * 3 * 3]; // height, width, channels
        for (int i = 0; i < image.length; i++) {
            image[i] = i / (float) image.length;
        }
        InrRecipe recipe = RECIPE.withHidden(List.of(7, 5)).withSteps(200);
        Problem problem = new Problem(recipe, 5, 3, 3, List.of(image), List.of(new Seed(1)));
        Fit fit = fit(problem).get(0);
        assertTrue(fit.psnr() > 25, "PSNR " + fit.psnr());
    }
}
