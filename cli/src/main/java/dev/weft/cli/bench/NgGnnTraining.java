package dev.weft.cli.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.weft.metanets.model.NgGnn;
import dev.weft.metanets.model.Normalization;
import dev.weft.metanets.model.PerEdgeNgGnn;
import dev.weft.metanets.task.TrainingConfig;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.Siren;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code ng-gnn.train}: the block form of NG-GNN beside the edge list. */
final class NgGnnTraining implements Benchmark {

    private static final Logger LOG = LoggerFactory.getLogger(NgGnnTraining.class);
    private static final String NAME = "ng-gnn.train";

    /** Two forms of one computation in float32. */
    private static final double LOSS_TOLERANCE = 1e-4;

    private static final double OUTPUT_OFFSET = 0.5;

    /** Rounds to choose a micro-batch by: best ones are far apart, or it does not matter. */
    private static final int CHOOSING_ROUNDS = 2;

    /** What is trained: the widths of the INRs, and the number of probes. */
    private record Setting(String name, List<Integer> widths, int probes) {}

    private static final List<Setting> SETTINGS = List.of(
            new Setting(NAME, List.of(2, 32, 32, 1), 0),
            new Setting(NAME + ".probes64", List.of(2, 32, 32, 1), 64),
            new Setting(NAME + ".2-16-16-1", List.of(2, 16, 16, 1), 0));

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Training NG-GNN (width 32, 4 layers, both directions, Fourier encoders, no dropout) on INRs 2-32-32-1 of"
                + " normal weights with deviation 1, with 64 probes, and on 2-16-16-1: forward, loss and backward as the"
                + " trainer does them (weight blocks, edges encoded by interpolation, what happens on edges written by"
                + " hand, edges that do not reach the output left out), beside the same"
                + " model on a list of all edges (gather, sparse sum) with the micro-batch that suits it best; and the"
                + " peak memory of a process that trains with the default settings, beside the bound it must keep.";
    }

    /** Looks at memory first, before anything else has taken some; the figure comes last. */
    @Override
    public List<Row> run(BenchContext context) throws IOException {
        OptionalDouble peak = TrainingMemory.peakMebibytes(context);
        List<Row> rows = new ArrayList<>();
        for (Setting setting : SETTINGS) {
            rows.add(compare(context, setting));
        }
        peak.ifPresent(
                value -> rows.add(Row.of(NAME + ".memory", value, "MiB", "bound", TrainingMemory.BOUND_MEBIBYTES)));
        return rows;
    }

    private static Row compare(BenchContext context, Setting setting) throws IOException {
        Architecture architecture = Siren.of(setting.widths, Siren.W0_DEFAULT, OUTPUT_OFFSET);
        int networks = context.workload().trainingNetworks();
        RandomInrs inrs = new RandomInrs(architecture, networks, context.seed().split("inrs"));
        try (NDManager manager = NDManager.newBaseManager(context.device())) {
            NgGnn model = model(manager, setting, architecture, context.seed().split("model"));
            TrainingPass block = new TrainingPass(manager, inrs, model::forward);
            TrainingPass plain = new TrainingPass(manager, inrs, new PerEdgeNgGnn(model, manager)::forward);
            int microBatch = TrainingConfig.DEFAULT.microBatchSize();
            requireSameLoss(setting.name, block.loss(microBatch), plain.loss(microBatch));
            int plainMicroBatch = best(context, setting, plain);
            double[] seconds = Turns.seconds(
                    context, setting.name, List.of(() -> block.loss(microBatch), () -> plain.loss(plainMicroBatch)));
            return Row.of(setting.name, networks / seconds[0], "networks/s", "per-edge", networks / seconds[1]);
        }
    }

    private static NgGnn model(NDManager manager, Setting setting, Architecture architecture, Seed seed) {
        NgGnn.Config config = NgGnn.Config.DEFAULT.withDropout(0).withProbes(setting.probes);
        NgGnn model = config.build(architecture, Normalization.none(architecture), RandomInrs.CLASSES.size(), seed);
        model.initialize(manager, DataType.FLOAT32);
        model.namedParameters().values().stream()
                .filter(Parameter::requiresGradient)
                .forEach(parameter -> parameter.getArray().setRequiresGradient(true));
        return model;
    }

    static void requireSameLoss(String name, double block, double plain) {
        if (!(Math.abs(block - plain) <= LOSS_TOLERANCE * Math.abs(plain))) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%s: expected the same loss of both forms to %.0e, found %.9g for blocks and %.9g for edges",
                    name,
                    LOSS_TOLERANCE,
                    block,
                    plain));
        }
    }

    /** Returns the micro-batch that the edge list trains fastest with. */
    private static int best(BenchContext context, Setting setting, TrainingPass plain) throws IOException {
        List<Integer> sizes = context.workload().plainMicroBatches();
        List<Turns.Work> works = new ArrayList<>();
        sizes.forEach(size -> works.add(() -> plain.loss(size)));
        double[] seconds =
                Turns.seconds(context, setting.name + ", micro-batch of the baseline", CHOOSING_ROUNDS, works);
        int best = 0;
        for (int i = 1; i < seconds.length; i++) {
            best = seconds[i] < seconds[best] ? i : best;
        }
        LOG.info("{}: the per-edge form is fastest with micro-batches of {}", setting.name, sizes.get(best));
        return sizes.get(best);
    }
}
