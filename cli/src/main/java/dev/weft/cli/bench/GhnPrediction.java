package dev.weft.cli.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.graph.ComputationGraph;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.NodeByNodePrediction;
import dev.weft.network.Architecture;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** {@code ghn.predict}: all parameters of ResNet-50 from a GHN-3-T with random weights. */
final class GhnPrediction implements Benchmark {

    private static final String NAME = "ghn.predict";
    private static final double BOUND_MEBIBYTES = 1024;
    private static final double TOLERANCE = 1e-4;
    private static final int CLASSES = 1000;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        return "Predicting all parameters of ResNet-50 with a hypernetwork of GHN-3-T's size and random weights, its graph"
                + " included, beside the plain form (a vector for each pair of nodes, every node decoded by itself with all"
                + " channels); and the memory that it takes beside what the process held before, beside the bound.";
    }

    @Override
    public List<Row> run(BenchContext context) throws IOException {
        Families.Family family = Families.named("resnet50");
        boolean published = context.workload().published();
        Architecture architecture = (published ? family.published() : family.small()).get();
        GhnConfig config = published ? GhnConfig.ghn3(64, 64, 16, CLASSES, 3, 8) : GhnConfig.ghn3(8, 8, 3, 3, 1, 2);
        try (NDManager manager = NDManager.newBaseManager(context.device())) {
            GraphHyperNetwork model =
                    new GraphHyperNetwork(config, context.seed().split("ghn"));
            model.initialize(manager, DataType.FLOAT32);
            float[] row = new float[(int) architecture.parameterCount()];
            float[] plain = new float[row.length];
            Turns.Work fast = () -> model.predict(manager, ComputationGraph.of(architecture), true, row);
            Turns.Work slow =
                    () -> NodeByNodePrediction.predict(model, manager, ComputationGraph.of(architecture), plain);
            fast.run();
            slow.run();
            requireSame(row, plain);
            OptionalDouble memory = addedMebibytes(
                    () -> model.predict(manager, ComputationGraph.of(architecture), true, new float[row.length]));
            double[] seconds = Turns.seconds(context, NAME, List.of(fast, slow));
            List<Row> rows = new ArrayList<>(List.of(Row.of(NAME, seconds[0], "s", "node by node", seconds[1])));
            memory.ifPresent(value -> rows.add(Row.of(NAME + ".memory", value, "MiB", "bound", BOUND_MEBIBYTES)));
            return rows;
        }
    }

    private static OptionalDouble addedMebibytes(Turns.Work work) throws IOException {
        try (MemoryWatch memory = MemoryWatch.start()) {
            work.run();
            return memory.addedMebibytes();
        }
    }

    private static void requireSame(float[] fast, float[] plain) {
        for (int i = 0; i < fast.length; i++) {
            if (!(Math.abs(fast[i] - plain[i]) <= TOLERANCE * Math.max(1, Math.abs(plain[i])))) {
                throw new IllegalStateException(
                        NAME + ": value " + i + " is " + fast[i] + ", but " + plain[i] + " in the plain form");
            }
        }
    }
}
