package dev.weft.cli.results;

import dev.weft.cli.model.TrainingJob;
import dev.weft.cli.report.Statistics;
import dev.weft.metanets.task.RunConfig;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One metanet of the table and its runs.
 *
 * @param name as in {@link ResultsSettings#MODELS}
 * @param label for people
 * @param runs one for each seed, at least one
 */
record ModelResult(String name, String label, List<SeedRun> runs) {

    ModelResult {
        runs = List.copyOf(runs);
    }

    /**
     * One finished run.
     *
     * @param seconds of each epoch, validation included
     * @param validation accuracy after each epoch
     */
    record SeedRun(RunConfig config, TrainingJob.Result result, double[] seconds, double[] validation) {
        double testAccuracy() {
            return result.test().accuracy();
        }
    }

    /**
     * Mean and spread over the seeds.
     *
     * @param deviation of the sample; NaN for one seed
     */
    record Spread(double mean, double deviation) {

        /** Returns for example {@code 81.2 ± 0.4 %}. */
        String text() {
            return Double.isNaN(deviation)
                    ? ResultsPage.percent(mean)
                    : ResultsPage.format("%.1f ± %.1f %%", 100 * mean, 100 * deviation);
        }
    }

    Spread test() {
        return spread(SeedRun::testAccuracy);
    }

    Spread validation() {
        return spread(run -> run.result.validationAccuracy());
    }

    private Spread spread(ToDoubleFunction<SeedRun> figure) {
        double[] values = runs.stream().mapToDouble(figure).toArray();
        return new Spread(Statistics.mean(values), Statistics.deviation(values));
    }

    /** The config of the first run; the others differ from it by their seed. */
    RunConfig config() {
        return runs.get(0).config;
    }

    long parameters() {
        return runs.get(0).result.test().parameters();
    }

    /** The median over the epochs of all runs, which a busy moment of the machine does not move. */
    double secondsPerEpoch() {
        return Statistics.quantile(0.5, allSeconds());
    }

    /** All epochs of all runs. */
    double totalSeconds() {
        double sum = 0;
        for (double seconds : allSeconds()) {
            sum += seconds;
        }
        return sum;
    }

    private double[] allSeconds() {
        return runs.stream().flatMapToDouble(run -> Arrays.stream(run.seconds)).toArray();
    }
}
