package dev.weft.cli.results;

import dev.weft.checkpoints.Digest;
import dev.weft.datasets.training.NetworkTraining.OptimizerSource;
import dev.weft.datasets.training.TrainingRecipe;
import dev.weft.metanets.nowcast.HorizonSchedule;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.nowcast.Nowcaster.Plan;
import dev.weft.metanets.nowcast.NowcastingRows;
import dev.weft.metanets.nowcast.train.NowcastRun;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One of the optimizers that are compared.
 *
 * @param name in the tables
 * @param detail what decides its outcome besides the recipe, in words
 * @param source makes it
 */
record Contender(String name, String detail, OptimizerSource source) {

    static final String ADAM = "Adam";

    /** Returns the recipe's own optimizer. */
    static Contender adam(TrainingRecipe recipe) {
        return new Contender(ADAM, "the recipe's optimizer alone", recipe.optimizer()::start);
    }

    /** Returns the same, whose every {@code period}-th step is a forecast with a file's weights. */
    static Contender nowcasting(TrainingRecipe recipe, Path weights, int period) throws IOException {
        NowcastModel model = NowcastRun.loadForReference(weights);
        Plan plan = Plan.of(model, period, recipe.steps());
        HorizonSchedule schedule = plan.schedule();
        String horizons = IntStream.range(0, schedule.nowcasts())
                .mapToObj(nowcast -> String.valueOf(schedule.horizon(nowcast)))
                .collect(Collectors.joining(", "));
        String detail = model.name() + " with the weights " + weights.getFileName() + " (sha256 "
                + Digest.sha256(weights) + "), every " + period + " steps, horizons " + horizons;
        return new Contender(
                model.name().replace("nino", "NiNo").replace("wnn", "WNN"), detail, (manager, net, rows) -> {
                    WiredGraph graph = ReferenceWiring.of(RowLayout.of(net.parameters()), OptionalInt.empty());
                    int networks = Math.toIntExact(rows.getShape().get(0));
                    return new NowcastingRows(
                            recipe.optimizer().start(manager, net, rows), networks, model, graph, plan, step -> {});
                });
    }
}
