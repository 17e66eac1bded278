package dev.weft.cli.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.weft.cli.report.Progress;
import dev.weft.cli.report.Statistics;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.CellSpace;
import dev.weft.datasets.architecture.NetworkSampling;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.graph.ComputationGraph;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.MetaBatch;
import dev.weft.hypernets.ghn.NodeByNodeTraining;
import dev.weft.metanets.nn.ForwardPass;
import dev.weft.metanets.task.AdamW;
import dev.weft.metanets.task.ProcessorTime;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** {@code ghn.train}: one step on four small architectures. */
final class GhnTrainingStep implements Benchmark {

    private static final String NAME = "ghn.train";
    private static final int NETWORKS = 4; // a step
    private static final int IMAGES = 32;
    /** Passes over the networks before they count: most steps of a training find everything compiled. */
    private static final int WARM_UP = 7;

    private static final int COUNTED = 3; // passes whose median is reported
    private static final double NORM_WEIGHT = 3e-5;
    private static final double CLIP_NORM = 5;
    private static final double TOLERANCE = 1e-3;
    private static final String UNIT = "CPU s/step";

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
                + " backward and optimizer, in CPU seconds, beside the plain form (every message computed anew for each node"
                + " that hears it, a vector for each pair of nodes, every tensor decoded by itself with all channels), and"
                + " beside what the reference implementations took on another machine.";
    }

    @Override
    public List<Row> run(BenchContext context) {
        int steps = context.workload().rounds();
        List<SampledNetwork> networks = new NetworkSampling(CellSpace.MICRO, context.seed())
                .draw(Map.of(ArchitectureSplit.TEST, NETWORKS * steps), count -> {});
        GhnConfig second = GhnConfig.ghn2(32, 32, 5, CellSpace.CLASSES);
        GhnConfig third = GhnConfig.ghn3(32, 32, 5, CellSpace.CLASSES, 3, 4);
        List<Row> rows = new ArrayList<>();
        rows.addAll(rows(context, NAME, second, 0, networks, REFERENCE_GHN2));
        rows.addAll(rows(context, NAME + ".ghn-3", third, NORM_WEIGHT, networks, REFERENCE_GHN3));
        return rows;
    }

    private static List<Row> rows(
            BenchContext context,
            String name,
            GhnConfig config,
            double normWeight,
            List<SampledNetwork> networks,
            double reference) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            GraphHyperNetwork model =
                    new GraphHyperNetwork(config, context.seed().split("ghn"));
            model.initialize(manager, DataType.FLOAT32);
            model.namedParameters().values().forEach(each -> each.getArray().setRequiresGradient(true));
            List<MetaBatch> batches = batches(networks);
            try (AdamW optimizer = new AdamW(manager, model.namedParameters().values(), 0, false);
                    Progress line = context.lines().start(name, (long) (WARM_UP + COUNTED) * batches.size(), "steps")) {
                Steps steps = new Steps(manager, model, optimizer, normWeight, context);
                long done = 0;
                double[][] seconds = new double[2][COUNTED]; // a step, of either form
                for (int pass = 0; pass < WARM_UP + COUNTED; pass++) {
                    double[] sums = new double[2];
                    for (int i = 0; i < batches.size(); i++) {
                        steps.both(batches.get(i), i, sums);
                        line.update(++done);
                    }
                    if (pass >= WARM_UP) {
                        seconds[0][pass - WARM_UP] = sums[0] / batches.size();
                        seconds[1][pass - WARM_UP] = sums[1] / batches.size();
                    }
                }
                double fast = Statistics.quantile(0.5, seconds[0]);
                return List.of(
                        Row.of(name, fast, UNIT, "node by node", Statistics.quantile(0.5, seconds[1])),
                        Row.of(name + ".reference", fast, UNIT, "reference", reference));
            }
        }
    }

    /** Steps of both forms, in turns, so that whatever else the machine does meets both alike. */
    private record Steps(
            NDManager manager, GraphHyperNetwork model, AdamW optimizer, double normWeight, BenchContext context) {

        /** Takes a step of each form and adds its CPU seconds, the fast one's first. */
        void both(MetaBatch batch, int number, double[] seconds) {
            context.requireGoing();
            Seed seed = context.seed().split(number);
            double start = ProcessorTime.seconds();
            double fast = step(batch, pass -> model.rows(pass, batch.graphs()), seed);
            double between = ProcessorTime.seconds();
            double plain = step(batch, pass -> NodeByNodeTraining.rows(model, pass, batch.graphs()), seed);
            seconds[0] += between - start;
            seconds[1] += ProcessorTime.seconds() - between;
            if (!(Math.abs(fast - plain) <= TOLERANCE * Math.max(1, Math.abs(plain)))) {
                throw new IllegalStateException(
                        NAME + ": the loss is " + fast + ", but " + plain + " in the plain form");
            }
        }

        /** Takes a step that moves nothing, so that both forms see the same values; returns the loss. */
        private double step(MetaBatch batch, Function<ForwardPass, List<NDArray>> writer, Seed seed) {
            double loss;
            try (NDManager sub = manager.newSubManager()) {
                int size = 3 * 16 * 16;
                double[] pixels =
                        seed.random().doubles((long) IMAGES * size, -1, 1).toArray();
                NDArray images =
                        sub.create(pixels, new Shape(IMAGES, 3, 16, 16)).toType(DataType.FLOAT32, false);
                int[] labels = seed.split("labels")
                        .random()
                        .ints(IMAGES, 0, CellSpace.CLASSES)
                        .toArray();
                loss = batch.accumulate(writer, images, labels, normWeight).mean();
            }
            optimizer.step(0, CLIP_NORM);
            return loss;
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
}
