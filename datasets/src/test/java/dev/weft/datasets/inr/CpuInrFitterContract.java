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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What fitters promise whose kernels are ours. */
abstract class CpuInrFitterContract extends InrFitterContract {

    abstract CpuInrFitter fitter(int threads);

    @Override
    InrFitter fitter(NDManager manager) {
        return fitter(2);
    }

    /** Adam turns a gradient's rounding errors into steps of full size where the gradient is nearly 0. */
    private void assertAgreesWithAutograd(Problem problem, double relative) {
        List<Fit> fits = fitter(1).fit(problem);
        try (NDManager manager = NDManager.newBaseManager()) {
            List<Fit> reference = new DjlInrFitter(manager).fit(problem);
            for (int i = 0; i < fits.size(); i++) {
                float[] expected = reference.get(i).parameters();
                float[] actual = fits.get(i).parameters();
                assertEquals(reference.get(i).steps(), fits.get(i).steps());
                assertEquals(reference.get(i).psnr(), fits.get(i).psnr(), 1e-2);
                assertEquals(0, distance(expected, actual) / distance(expected, new float[expected.length]), relative);
            }
        }
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += ((double) a[i] - b[i]) * ((double) a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 60})
    void agreesWithAutograd(int steps) {
        assertAgreesWithAutograd(digits(RECIPE.withSteps(steps), 0, 4), 1e-4);
        assertAgreesWithAutograd(digits(InrRecipe.nfn().withSteps(steps), 0, 1), 1e-4);
    }

    /** Sizes that leave every kind of rest in tiles, vectors and blocks, up to several tiles of the largest kernel. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 7, 3", "5, 3, 2", "15, 15, 3", "33, 70, 1", "28, 28, 5"})
    void agreesWithAutogradForAnySize(int height, int width, int channels) {
        Problem problem = waves(List.of(9, 6, 5), height, width, channels);
        assertAgreesWithAutograd(problem, 1e-4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3", "4", "5,13", "64,64,64", "16,3,1,8"})
    void agreesWithAutogradForAnyShape(String hidden) {
        List<Integer> widths =
                Arrays.stream(hidden.split(",")).map(Integer::valueOf).toList();
        assertAgreesWithAutograd(waves(widths, 12, 11, 3), 1e-4);
    }

    @Test
    void agreesWithAutogradOverSeveralTiles() {
        assertAgreesWithAutograd(waves(List.of(130, 7), 33, 70, 1), 1e-4); // wide layers make small tiles
    }

    private static Problem waves(List<Integer> hidden, int height, int width, int channels) {
        float[] image = new float[height * width * channels];
        for (int i = 0; i < image.length; i++) {
            image[i] = (float) (0.5 + 0.5 * Math.sin(i * 0.05));
        }
        InrRecipe recipe = InrRecipe.nfn().withHidden(hidden).withSteps(10).withLearningRate(1e-3);
        return new Problem(recipe, height, width, channels, List.of(image), List.of(new Seed(1)));
    }

    @Test
    void constantImagesAreFitted() {
        float[] image = new float[36];
        Arrays.fill(image, 0.25f);
        InrRecipe recipe = RECIPE.withSteps(300);
        Fit fit = fitter(1)
                .fit(new Problem(recipe, 6, 6, 1, List.of(image), List.of(new Seed(1))))
                .get(0);
        assertTrue(fit.psnr() > 35, "PSNR " + fit.psnr());
    }

    @Test
    void bitsDependOnNeitherThreadsNorNeighbours() {
        List<Fit> one = fitter(1).fit(digits(RECIPE, 0, 6));
        List<Fit> three = fitter(3).fit(digits(RECIPE, 0, 6));
        for (int i = 0; i < 6; i++) {
            Fit alone = fitter(1).fit(digits(RECIPE, i, 1)).get(0);
            assertArrayEquals(alone.parameters(), one.get(i).parameters());
            assertArrayEquals(alone.parameters(), three.get(i).parameters());
        }
    }

    @Test
    void fullRecipeReachesFortyDecibelOnADigit() {
        Fit fit = fitter(1).fit(digits(InrRecipe.dws(), 0, 1)).get(0);
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
        assertEquals(List.of(), fitter(1).fit(new Problem(RECIPE, 8, 8, 1, new ArrayList<>(), List.of())));
        assertThrows(IllegalArgumentException.class, () -> fitter(0));
    }
}
