package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import dev.weft.datasets.inr.InrFitter.Fit;
import dev.weft.datasets.inr.InrFitter.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class DjlInrFitterTest extends InrFitterContract {

    @Override
    InrFitter fitter(NDManager manager) {
        return new DjlInrFitter(manager);
    }

    @Test
    void groupsHaveASizeThatDependsOnTheProblemOnly() {
        assertEquals(64, DjlInrFitter.groupSize(digits(InrRecipe.dws(), 0, 1)));
        assertEquals(8, DjlInrFitter.groupSize(new Problem(InrRecipe.dws(), 28, 28, 1, List.of(), List.of())));
        assertEquals(1, DjlInrFitter.groupSize(new Problem(InrRecipe.dws(), 512, 512, 1, List.of(), List.of())));
    }

    @Test
    void groupsOfAnySizeGiveTheSameNetworks() {
        Problem problem = digits(RECIPE, 0, 5);
        try (NDManager manager = NDManager.newBaseManager()) {
            List<Fit> whole = new DjlInrFitter(manager, 5).fit(problem);
            List<Fit> pairs = new DjlInrFitter(manager, 2).fit(problem);
            for (int i = 0; i < 5; i++) {
                assertArrayEquals(whole.get(i).parameters(), pairs.get(i).parameters(), 1e-4f);
            }
        }
    }

    @Test
    void leavesNothingBehind() {
        try (NDManager manager = NDManager.newBaseManager()) {
            int before = manager.getManagedArrays().size();
            new DjlInrFitter(manager).fit(digits(RECIPE.withSteps(30).withStopPsnr(18), 0, 3));
            assertEquals(before, manager.getManagedArrays().size());
        }
    }
}
