package dev.weft.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.datasets.inr.CpuInrFitter;
import dev.weft.datasets.inr.DjlInrFitter;
import dev.weft.datasets.inr.InrFitter;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.network.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** {@code inr.fit}: the fitter that commands use beside DJL's autograd over groups of networks. */
final class InrFitting implements Benchmark {

    private static final String NAME = "inr.fit";
    private static final String DJL = "djl-";
    private static final String UNIT = "network-steps/s";

    /** Rows with a name of their own, in the order of {@link #fitters}. */
    private static final List<String> OWN = List.of(NAME, NAME + ".1worker", NAME + ".plain");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Fitting INRs 2-32-32-1 to images of 28 x 28 pixels by the recipe dws: the fitter that commands use on all"
                + " processors, on one, and in plain Java, beside the fastest of DJL's autograd over 1 (one-at-a-time), 8,"
                + " 16 and 64 networks at once, which also have figures of their own beside the first.";
    }

    @Override
    public List<Row> run(BenchContext context) throws IOException {
        InrFitter.Problem problem = problem(context);
        List<Integer> groups = context.workload().fitGroups();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            List<Turns.Work> works = new ArrayList<>();
            fitters(manager, groups).forEach(fitter -> works.add(() -> fitter.fit(problem)));
            double[] seconds = Turns.seconds(context, NAME, works);
            double steps =
                    (double) context.workload().images() * context.workload().fitSteps();
            return rows(groups, Arrays.stream(seconds).map(s -> steps / s).toArray());
        }
    }

    private static List<InrFitter> fitters(NDManager manager, List<Integer> groups) {
        List<InrFitter> fitters = new ArrayList<>();
        fitters.add(InrFitter.standard());
        fitters.add(CpuInrFitter.hasVectors() ? CpuInrFitter.vector(1) : CpuInrFitter.plain(1));
        fitters.add(CpuInrFitter.plain(Runtime.getRuntime().availableProcessors()));
        groups.forEach(size -> fitters.add(new DjlInrFitter(manager, size)));
        return fitters;
    }

    /** Makes rows of each fitter's network-steps a second. */
    private static List<Row> rows(List<Integer> groups, double[] speeds) {
        int first = OWN.size();
        int best = first;
        for (int i = first; i < speeds.length; i++) {
            best = speeds[i] > speeds[best] ? i : best;
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < first; i++) {
            rows.add(Row.of(OWN.get(i), speeds[i], UNIT, DJL + groups.get(best - first), speeds[best]));
        }
        for (int i = first; i < speeds.length; i++) {
            int size = groups.get(i - first);
            String name = NAME + "." + (size == 1 ? "one-at-a-time" : DJL + size);
            rows.add(Row.of(name, speeds[i], UNIT, "default", speeds[0]));
        }
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
