package dev.weft.hypernets.property;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PropertyRegressionTest {

    /** Of the six pairs four agree, one disagrees and one is tied on the left: 3 / sqrt(5 * 6). */
    @Test
    void tauCountsPairsAndLeavesTiesOut() {
        assertEquals(3 / Math.sqrt(30), KendallTau.of(new double[] {1, 2, 2, 3}, new double[] {10, 30, 20, 25}), 1e-12);
        assertEquals(1, KendallTau.of(new double[] {1, 5, 9}, new double[] {-3, -2, 0}), 1e-12);
        assertEquals(-1, KendallTau.of(new double[] {1, 5, 9}, new double[] {3, 2, 0}), 1e-12);
        assertTrue(Double.isNaN(KendallTau.of(new double[] {1, 1}, new double[] {3, 2})));
        assertThrows(IllegalArgumentException.class, () -> KendallTau.of(new double[] {1}, new double[] {3, 2}));
    }

    /**
     * Descriptions -1 and 1, targets 0 and 4, ridge 2: standardised they are the same, K = [[1, -1], [-1, 1]], K + 2 I has
     * (-2, 2) as eigenvector of value 4, so f(x) = 2 + x.
     */
    @Test
    void linearRidgeIsWhatIsWorkedOutByHand() {
        KernelRidge fit = new KernelRidge(new double[][] {{-1}, {1}}, new double[] {0, 4}, new Kernel.Linear(), 2);
        assertArrayEquals(new double[] {1, 2, 5}, fit.predict(new double[][] {{-1}, {0}, {3}}), 1e-12);
    }

    /** With next to no ridge the fit goes through its examples, whatever the kernel. */
    @Test
    void aSmallRidgeInterpolates() {
        double[][] x = {{0.1, 2}, {0.5, -1}, {2, 0.3}};
        double[] y = {3, 1, 2};
        KernelRidge fit = new KernelRidge(x, y, new Kernel.Gaussian(0.5), 1e-10);
        assertArrayEquals(y, fit.predict(x), 1e-6);
    }

    /** A plane and noise: the linear fit of the search finds the plane; a column that never changes does no harm. */
    @Test
    void theSearchFindsAPlaneInNoiseAndACurveByItsKernel() {
        RandomGenerator random = new Seed(4).random();
        double[][] x = new double[60][3];
        double[] plane = new double[60];
        double[] ring = new double[60];
        for (int i = 0; i < x.length; i++) {
            x[i] = new double[] {random.nextGaussian(), random.nextGaussian(), 7};
            plane[i] = 2 * x[i][0] - x[i][1] + 0.1 * random.nextGaussian();
            ring[i] = x[i][0] * x[i][0] + x[i][1] * x[i][1];
        }
        double[][] asked = {{1, 0, 7}, {0, 1, 7}, {-1, -1, 7}};
        assertArrayEquals(
                new double[] {2, -1, -1},
                RidgeSearch.linear(x, plane, new Seed(1)).predict(asked),
                0.1);
        assertArrayEquals(
                new double[] {1, 1, 2},
                RidgeSearch.gaussian(x, ring, new Seed(1)).predict(asked),
                0.3);
    }

    @Test
    void whatCannotBeFittedIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new KernelRidge(new double[][] {{1}}, new double[] {1, 2}, new Kernel.Linear(), 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> RidgeSearch.linear(new double[][] {{1}, {2}}, new double[] {1, 2}, new Seed(1)));
    }
}
