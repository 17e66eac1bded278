package dev.weft.datasets.inr;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.network.Architecture;
import dev.weft.network.run.FunctionalNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The fitter on DJL's autograd, for devices other than the processor and as the reference for {@link CpuInrFitter}: a group
 * of networks is one leaf array [n, P], and the loss is the sum of their own losses, so that they never meet.
 *
 * <p>Networks that are good enough are frozen by a mask over the whole update and leave the group at the next look at the
 * losses. Rows depend on the group by float rounding only.
 */
public final class DjlInrFitter implements InrFitter {

    /** A group's largest activation array [n, pixels, widest], in floats: 1 MiB stays in a core's second cache. */
    private static final int GROUP_FLOATS = 1 << 18;

    private static final int GROUP_MAX = 64;

    private final NDManager manager;
    private final ToIntFunction<Problem> groupSize;

    /**
     * Fits where the manager's arrays are, in groups that stay in a cache.
     *
     * @param manager parent of everything that a fit allocates, all of which is freed when it ends
     */
    public DjlInrFitter(NDManager manager) {
        this(manager, DjlInrFitter::groupSize);
    }

    /** Fits {@code groupSize} networks together. */
    public DjlInrFitter(NDManager manager, int groupSize) {
        this(manager, problem -> groupSize);
        if (groupSize < 1) {
            throw new IllegalArgumentException("expected groups of at least one network, got " + groupSize);
        }
    }

    private DjlInrFitter(NDManager manager, ToIntFunction<Problem> groupSize) {
        this.manager = manager;
        this.groupSize = groupSize;
    }

    /** Returns the number of networks that are fitted together: a power of two, the same on every machine. */
    static int groupSize(Problem problem) {
        int widest = problem.recipe().hidden().stream().mapToInt(w -> w).max().orElse(1);
        long floats = (long) problem.height() * problem.width() * widest;
        return Integer.highestOneBit((int) Math.max(1, Math.min(GROUP_MAX, GROUP_FLOATS / floats)));
    }

    @Override
    public String name() {
        return "djl";
    }

    @Override
    public List<Fit> fit(Problem problem) {
        if (!problem.recipe().sampling().isAll()) {
            throw new IllegalArgumentException("DJL's fitter sees all pixels in every step; recipe "
                    + problem.recipe().name() + " asks for "
                    + problem.recipe().sampling().firstShare() + " of them at first");
        }
        int size = groupSize.applyAsInt(problem);
        Fit[] fits = new Fit[problem.images().size()];
        for (int start = 0; start < fits.length; start += size) {
            try (NDManager scope = manager.newSubManager()) {
                int[] members = IntStream.range(start, Math.min(fits.length, start + size))
                        .toArray();
                run(problem, scope, members, fits);
            }
        }
        return Arrays.asList(fits);
    }

    private static void run(Problem problem, NDManager scope, int[] members, Fit[] fits) {
        InrRecipe recipe = problem.recipe();
        Architecture architecture = recipe.architecture(problem.channels());
        NDArray points = scope.create(
                problem.grid().coordinates(), new Shape(problem.grid().pixels(), 2));
        DjlInrGroup group = new DjlInrGroup(
                scope,
                recipe,
                new FunctionalNetwork(architecture),
                points,
                rows(problem, architecture, scope, members),
                targets(problem, scope, members),
                members);
        group.run(fits);
    }

    private static NDArray rows(Problem problem, Architecture architecture, NDManager scope, int[] members) {
        float[][] rows = new float[members.length][];
        for (int k = 0; k < members.length; k++) {
            rows[k] = SirenInit.draw(
                    problem.recipe(), architecture, problem.seeds().get(members[k]));
        }
        return scope.create(rows);
    }

    /** Returns [n, pixels, channels]. */
    private static NDArray targets(Problem problem, NDManager scope, int[] members) {
        List<float[]> images = new ArrayList<>();
        for (int member : members) {
            images.add(problem.images().get(member));
        }
        PixelRange range = problem.recipe().range();
        return scope.create(images.toArray(new float[0][]))
                .mul(range.span())
                .add(range.low())
                .reshape(members.length, (long) problem.height() * problem.width(), problem.channels())
                .toType(DataType.FLOAT32, false);
    }
}
