package dev.weft.cli.results;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.datasets.training.ImageClassification;
import dev.weft.datasets.training.NetworkTraining;
import dev.weft.datasets.training.StepsToTarget;
import dev.weft.datasets.training.TrainingRecipe;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/** One network's training until it is good enough, with one of the optimizers that are compared. */
record NowcastingTrial(
        ImageClassification task,
        Architecture architecture,
        TrainingRecipe recipe,
        StepsToTarget race,
        ProgressOption progress) {

    /** Returns what is the same for all optimizers and seeds, in words. */
    String protocol() {
        return String.format(
                Locale.ROOT,
                "%s, accuracy %s on %,d test images, tested every %d steps, at most %,d steps, %s, trained on %,d images of"
                        + " %s, pixels less %s, divided by %s",
                architecture,
                race.accuracy(),
                task.testSize(),
                race.every(),
                recipe.steps(),
                recipe.provenance(),
                task.size(),
                task.provenance().get("source.digest"),
                task.provenance().get("images.mean"),
                task.provenance().get("images.deviation"));
    }

    /**
     * Trains.
     *
     * @param protocol for the entry
     * @param seed number of the run in a zoo of trajectories with the default seed, whose start and batches it has
     * @throws CancellationException if the thread is interrupted
     */
    StepsLog.Entry run(Contender contender, String protocol, long seed) {
        long start = System.nanoTime();
        List<StepsLog.Point> curve = new ArrayList<>();
        Seed runSeed = new Seed(Seed.DEFAULT).split("trajectory").split(seed);
        String label = "Seed " + seed + ", " + contender.name();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                NetworkTraining training =
                        new NetworkTraining(manager, task, architecture, recipe, List.of(runSeed), contender.source());
                Progress line = progress.start(label, recipe.steps(), "steps")) {
            StepsToTarget.Outcome outcome = race.run(training, task.testSize(), (done, score) -> {
                curve.add(new StepsLog.Point(done, score.loss(), score.accuracy()));
                line.update(done, String.format(Locale.ROOT, "accuracy %.2f %%", 100 * score.accuracy()));
            });
            return new StepsLog.Entry(
                    protocol,
                    contender.name(),
                    seed,
                    outcome.reached(),
                    outcome.steps(),
                    outcome.score().loss(),
                    outcome.score().accuracy(),
                    (System.nanoTime() - start) / 1e9,
                    Runtime.getRuntime().availableProcessors(),
                    curve);
        }
    }
}
