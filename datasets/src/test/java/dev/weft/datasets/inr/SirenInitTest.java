package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import org.junit.jupiter.api.Test;

/** Bounds as the publications give them for 2-32-32-1 and w0 = 30; 40 networks come within 3 % of them. */
class SirenInitTest {

    private static void assertBounds(InrRecipe recipe, double... bounds) {
        Architecture architecture = recipe.architecture(1);
        double[] largest = new double[bounds.length];
        for (int k = 0; k < 40; k++) {
            float[] row = SirenInit.draw(recipe, architecture, new Seed(k));
            for (int t = 0; t < bounds.length; t++) {
                ParameterTensor tensor = architecture.parameters().get(t);
                for (int i = (int) tensor.offset(); i < tensor.end(); i++) {
                    largest[t] = Math.max(largest[t], Math.abs(row[i]));
                }
            }
        }
        for (int t = 0; t < bounds.length; t++) {
            String name = architecture.parameters().get(t).name();
            assertEquals(bounds[t], Math.max(largest[t], bounds[t]), 1e-7, name + " above its bound");
            assertEquals(bounds[t], largest[t], 0.03 * bounds[t], name);
        }
    }

    @Test
    void dwsDrawsSineLayersAlikeWithoutBiasAndTheLastAsPyTorch() {
        assertBounds(InrRecipe.dws(), 0.0577350, 0, 0.0144338, 0, 0.1767767, 0.1767767);
    }

    @Test
    void nfnDrawsTheFirstLayerWiderAndAllBiasesAsPyTorch() {
        assertBounds(InrRecipe.nfn(), 0.5, 0.7071068, 0.0144338, 0.1767767, 0.0144338, 0.1767767);
    }

    @Test
    void dependsOnTheSeedAlone() {
        Architecture architecture = InrRecipe.dws().architecture(1);
        float[] first = SirenInit.draw(InrRecipe.dws(), architecture, new Seed(1));
        assertArrayEquals(first, SirenInit.draw(InrRecipe.dws(), architecture, new Seed(1)));
        assertNotEquals(first[0], SirenInit.draw(InrRecipe.dws(), architecture, new Seed(2))[0]);
    }
}
