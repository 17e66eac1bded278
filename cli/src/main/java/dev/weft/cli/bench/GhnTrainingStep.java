package dev.weft.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.sun.management.OperatingSystemMXBean;
import dev.weft.cli.exit.InterruptedJobException;
import dev.weft.cli.report.Progress;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.CellSpace;
import dev.weft.datasets.architecture.NetworkSampling;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.graph.ComputationGraph;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.MetaBatch;
import dev.weft.metanets.task.AdamW;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code ghn.train}: one step on four small architectures. */
final class GhnTrainingStep implements Benchmark {

    private static final String NAME = "ghn.train";
    private static final int NETWORKS = 4; // a step
    private static final int IMAGES = 32;
    private static final int WARM_UP = 2; // passes over the networks
    private static final double NORM_WEIGHT = 3e-5;

    /** CPU seconds of the reference implementations for such a step, one thread, on a busy host. */
    private static final double REFERENCE_GHN2 = 0.73;

    private static final double REFERENCE_GHN3 = 0.48;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "One step of training GHN-2 and a small GHN-3 on the space micro (4 networks, 32 images of 16 x 16), forward,"
                + " backward and optimizer, in CPU seconds, beside what the reference implementations took.";
    }

    @Override
    public List<Row> run(BenchContext context) throws IOException {
        int steps = context.workload().rounds();
        List<SampledNetwork> networks = new NetworkSampling(CellSpace.MICRO, context.seed())
                .draw(Map.of(ArchitectureSplit.TEST, NETWORKS * steps), count -> {});
        GhnConfig second = GhnConfig.ghn2(32, 32, 5, CellSpace.CLASSES);
        GhnConfig third = GhnConfig.ghn3(32, 32, 5, CellSpace.CLASSES, 3, 4);
        return List.of(
                row(context, NAME, second, 0, networks, REFERENCE_GHN2),
                row(context, NAME + ".ghn-3", third, NORM_WEIGHT, networks, REFERENCE_GHN3));
    }

    private static Row row(
            BenchContext context,
            String name,
            GhnConfig config,
            double normWeight,
            List<SampledNetwork> networks,
            double reference)
            throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            GraphHyperNetwork model =
                    new GraphHyperNetwork(config, context.seed().split("ghn"));
            model.initialize(manager, DataType.FLOAT32);
            model.namedParameters().values().forEach(each -> each.getArray().setRequiresGradient(true));
            List<MetaBatch> batches = batches(networks);
            try (AdamW optimizer = new AdamW(manager, model.namedParameters().values(), 0, false)) {
                Steps steps = new Steps(manager, model, optimizer, normWeight, context.seed());
                long total = (long) (WARM_UP + 1) * batches.size();
                try (Progress line = context.lines().start(name, total, "steps")) {
                    for (int pass = 0; pass < WARM_UP; pass++) {
                        steps.run(context, batches, line, (long) pass * batches.size());
                    }
                    double before = cpuSeconds();
                    steps.run(context, batches, line, (long) WARM_UP * batches.size());
                    double seconds = (cpuSeconds() - before) / batches.size();
                    return Row.of(name, seconds, "CPU s/step", "reference", reference);
                }
            }
        }
    }

    private record Steps(NDManager manager, GraphHyperNetwork model, AdamW optimizer, double normWeight, Seed seed) {

        void run(BenchContext context, List<MetaBatch> batches, Progress line, long done) throws IOException {
            for (int i = 0; i < batches.size(); i++) {
                if (context.stop().getAsBoolean()) {
                    throw new InterruptedJobException("no figures are kept", "run the same command again");
                }
                step(batches.get(i), seed.split(i));
                line.update(done + i + 1);
            }
        }

        private void step(MetaBatch batch, Seed stepSeed) {
            try (NDManager sub = manager.newSubManager()) {
                int size = 3 * 16 * 16;
                double[] pixels =
                        stepSeed.random().doubles((long) IMAGES * size, -1, 1).toArray();
                NDArray images =
                        sub.create(pixels, new Shape(IMAGES, 3, 16, 16)).toType(DataType.FLOAT32, false);
                int[] labels = stepSeed.split("labels")
                        .random()
                        .ints(IMAGES, 0, CellSpace.CLASSES)
                        .toArray();
                batch.accumulate(model, images, labels, normWeight);
            }
            optimizer.step(1e-3, 5);
        }
    }

    private static List<MetaBatch> batches(List<SampledNetwork> networks) {
        List<MetaBatch> batches = new ArrayList<>();
        for (int begin = 0; begin < networks.size(); begin += NETWORKS) {
            List<Architecture> architectures = networks.subList(begin, begin + NETWORKS).stream()
                    .map(SampledNetwork::architecture)
                    .toList();
            batches.add(new MetaBatch(
                    architectures,
                    architectures.stream().map(ComputationGraph::of).toList()));
        }
        return batches;
    }

    private static double cpuSeconds() {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() * 1e-9;
    }
}
