package dev.weft.cli.zoo;

import dev.weft.checkpoints.ZooHeader;
import dev.weft.datasets.inr.InrInit;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.datasets.inr.InrZoo;
import dev.weft.datasets.inr.PixelSampling;
import dev.weft.network.Seed;
import java.util.List;
import java.util.Map;

/**
 * The settings of {@code weft zoo fit-inrs}, as {@code --config} and {@code --set} know them.
 *
 * @param recipe {@code dws} or {@code nfn}; the next four come from it where nothing is said
 * @param widths of the hidden layers
 * @param steps the most updates of one network
 * @param psnr in dB, a network that reaches it is left alone
 * @param learningRate of Adam
 * @param firstShare of the pixels that the first steps see; 1 for full batches
 * @param init what networks start from
 * @param views networks for each image
 * @param val share of images for validation
 * @param test share of images for testing; 0 where images for testing are given
 * @param rowsPerPart what a stopped job loses at most
 */
record FitSettings(
        String recipe,
        List<Integer> widths,
        int steps,
        double psnr,
        double learningRate,
        double firstShare,
        InrInit init,
        int views,
        double val,
        double test,
        int rowsPerPart) {

    /**
     * Returns the defaults for a recipe.
     *
     * @param isTestGiven whether there are images for testing apart from the others
     */
    static FitSettings of(InrRecipe recipe, boolean isTestGiven) {
        return new FitSettings(
                recipe.name(),
                recipe.hidden(),
                recipe.steps(),
                recipe.stopPsnr(),
                recipe.learningRate(),
                recipe.sampling().firstShare(),
                InrInit.RANDOM,
                1,
                InrZoo.Settings.VAL_DEFAULT,
                isTestGiven ? 0 : InrZoo.Settings.TEST_DEFAULT,
                ZooHeader.ROWS_PER_PART_DEFAULT);
    }

    InrZoo.Settings toZooSettings(Seed seed, Map<String, String> provenance) {
        InrRecipe fitted = InrRecipe.named(recipe)
                .withHidden(widths)
                .withSteps(steps)
                .withStopPsnr(psnr)
                .withLearningRate(learningRate)
                .withSampling(new PixelSampling(firstShare));
        return new InrZoo.Settings(fitted, init, views, val, test, rowsPerPart, seed, provenance);
    }
}
