package dev.weft.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.datasets.inr.DjlInrFitter;
import dev.weft.datasets.inr.InrFitter;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** {@code inr.fit}: the fitter that commands use beside DJL's autograd over groups of networks. */
final class InrFitting implements Benchmark {

    private static final String NAME = "inr.fit";
    private static final String DJL = "djl-";
    private static final String UNIT = "network-steps/s";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Fitting INRs 2-32-32-1 to images of 28 x 28 pixels by the recipe dws with the fitter that commands use,"
                + " beside the fastest of DJL's autograd over 1, 8, 16 and 64 networks at once, which also have figures"
                + " of their own beside the former.";
    }

    @Override
    public List<Row> run(BenchContext context) throws IOException {
        InrFitter.Problem problem = problem(context);
        List<Integer> groups = context.workload().fitGroups();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            List<InrFitter> fitters = new ArrayList<>(List.of(InrFitter.standard()));
            groups.forEach(size -> fitters.add(new DjlInrFitter(manager, size)));
            List<Turns.Work> works = new ArrayList<>();
            fitters.forEach(fitter -> works.add(() -> fitter.fit(problem)));
            double[] seconds = Turns.seconds(context, NAME, works);
            double steps =
                    (double) context.workload().images() * context.workload().fitSteps();
            return rows(groups, steps, seconds);
        }
    }

    /** Makes rows of the standard fitter's time, which comes first, and one time for each size of group. */
    private static List<Row> rows(List<Integer> groups, double steps, double[] seconds) {
        double standard = steps / seconds[0];
        int best = 0;
        List<Row> single = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            best = seconds[i + 1] < seconds[best + 1] ? i : best;
            String name = NAME + "." + DJL + groups.get(i);
            single.add(Row.of(name, steps / seconds[i + 1], UNIT, "default", standard));
        }
        List<Row> rows = new ArrayList<>();
        rows.add(Row.of(NAME, standard, UNIT, DJL + groups.get(best), steps / seconds[best + 1]));
        rows.addAll(single);
        return rows;
    }

    private static InrFitter.Problem problem(BenchContext context) {
        Workload workload = context.workload();
        Seed seed = context.seed().split("fit");
        List<float[]> images = new ArrayList<>();
        List<Seed> seeds = new ArrayList<>();
        for (int i = 0; i < workload.images(); i++) {
            images.add(image(workload.imageSize(), seed.split("image").split(i)));
            seeds.add(seed.split("network").split(i));
        }
        InrRecipe recipe = InrRecipe.dws().withSteps(workload.fitSteps()).withStopPsnr(Double.POSITIVE_INFINITY);
        return new InrFitter.Problem(recipe, workload.imageSize(), workload.imageSize(), 1, images, seeds);
    }

    /** Returns a smooth spot on black, [size, size, 1]. */
    private static float[] image(int size, Seed seed) {
        RandomGenerator random = seed.random();
        double x = size * random.nextDouble();
        double y = size * random.nextDouble();
        double radius = size * (0.1 + 0.3 * random.nextDouble());
        float[] pixels = new float[size * size];
        for (int i = 0; i < pixels.length; i++) {
            double distance = Math.hypot(i % size - x, i / size - y) / radius;
            pixels[i] = (float) Math.exp(-distance * distance);
        }
        return pixels;
    }
}
