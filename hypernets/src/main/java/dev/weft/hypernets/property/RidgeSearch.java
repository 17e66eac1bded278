package dev.weft.hypernets.property;

import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Chooses a kernel and a ridge by cross-validation: every fifth of the examples is predicted from the others, and the least
 * mean squared error wins, the earlier of equals. The grid of the kernel's width is the published one; a support vector
 * machine's C stands for 1 / ridge.
 */
public final class RidgeSearch {

    /** Of the kernel, besides 1 / d. */
    private static final double[] GAMMAS = {0.05, 0.1, 0.2, 0.5};

    private static final double[] RIDGES = {1e-3, 1e-2, 1e-1, 1, 10, 100};
    /** Parts that examples are cut into, and so the fewest examples. */
    public static final int FOLDS = 5;

    private RidgeSearch() {}

    /** Returns linear regression with the best ridge. */
    public static KernelRidge linear(double[][] descriptions, double[] targets, Seed seed) {
        return best(descriptions, targets, List.of(new Kernel.Linear()), seed);
    }

    /** Returns regression with the best Gaussian kernel and ridge. */
    public static KernelRidge gaussian(double[][] descriptions, double[] targets, Seed seed) {
        List<Kernel> kernels = new ArrayList<>(List.of(new Kernel.Gaussian(1.0 / descriptions[0].length)));
        for (double gamma : GAMMAS) {
            kernels.add(new Kernel.Gaussian(gamma));
        }
        return best(descriptions, targets, kernels, seed);
    }

    private static KernelRidge best(double[][] descriptions, double[] targets, List<Kernel> kernels, Seed seed) {
        if (descriptions.length < FOLDS) {
            throw new IllegalArgumentException(
                    "expected at least " + FOLDS + " examples to choose by, got " + descriptions.length);
        }
        List<Integer> order = shuffled(descriptions.length, seed);
        Kernel bestKernel = kernels.get(0);
        double bestRidge = RIDGES[0];
        double least = Double.POSITIVE_INFINITY;
        for (Kernel kernel : kernels) {
            for (double ridge : RIDGES) {
                double error = error(descriptions, targets, order, kernel, ridge);
                if (error < least) {
                    least = error;
                    bestKernel = kernel;
                    bestRidge = ridge;
                }
            }
        }
        return new KernelRidge(descriptions, targets, bestKernel, bestRidge);
    }

    private static List<Integer> shuffled(int count, Seed seed) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        RandomGenerator random = seed.random();
        for (int i = count - 1; i > 0; i--) {
            Collections.swap(order, i, random.nextInt(i + 1));
        }
        return order;
    }

    private static double error(
            double[][] descriptions, double[] targets, List<Integer> order, Kernel kernel, double ridge) {
        double squares = 0;
        for (int fold = 0; fold < FOLDS; fold++) {
            int left = fold;
            int[] fitted = numbers(order, place -> place % FOLDS != left);
            int[] tested = numbers(order, place -> place % FOLDS == left);
            KernelRidge fit = new KernelRidge(chosen(descriptions, fitted), chosen(targets, fitted), kernel, ridge);
            for (int i : tested) {
                double miss = fit.predict(descriptions[i]) - targets[i];
                squares += miss * miss;
            }
        }
        return squares;
    }

    private static int[] numbers(List<Integer> order, IntPredicate place) {
        return IntStream.range(0, order.size()).filter(place).map(order::get).toArray();
    }

    private static double[][] chosen(double[][] rows, int[] numbers) {
        return IntStream.of(numbers).mapToObj(i -> rows[i]).toArray(double[][]::new);
    }

    private static double[] chosen(double[] values, int[] numbers) {
        return IntStream.of(numbers).mapToDouble(i -> values[i]).toArray();
    }
}
