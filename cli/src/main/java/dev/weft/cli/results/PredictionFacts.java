package dev.weft.cli.results;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.Split;
import dev.weft.cli.ghn.GhnData;
import dev.weft.cli.results.PredictionLog.Entry;
import dev.weft.cli.results.PredictionLog.Kind;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a folder of {@code weft results parameter-prediction} holds so far.
 *
 * @param settings of the experiment
 * @param data what architectures and images say of themselves
 * @param trainingImages their number
 * @param testImages their number
 * @param networks those that are judged, of all splits
 * @param seeds that were asked for
 * @param entries of all logs
 * @param runs that were begun
 */
record PredictionFacts(
        PredictionSettings settings,
        GhnData.Description data,
        int trainingImages,
        int testImages,
        int networks,
        List<Long> seeds,
        List<Entry> entries,
        List<Run> runs) {

    /**
     * The training of one hypernetwork.
     *
     * @param finished whether it came to its end
     * @param rounds so far
     * @param provenance where it was begun
     */
    record Run(PredictionArm arm, long seed, boolean finished, List<Round> rounds, Provenance provenance) {

        /** Returns the processor's seconds of all steps. */
        double cpuSeconds() {
            return rounds.isEmpty() ? 0 : rounds.get(rounds.size() - 1).cpuSeconds;
        }
    }

    /**
     * A look at the validation networks.
     *
     * @param steps until then
     * @param cpuSeconds of the processor for them
     * @param accuracy mean over the validation networks
     * @param loss the same
     */
    record Round(int steps, double cpuSeconds, double accuracy, double loss) {}

    static PredictionFacts of(PredictionExperiment experiment, List<Long> seeds) throws IOException {
        GhnData data = experiment.data();
        List<Run> runs = new ArrayList<>();
        for (PredictionArm arm : PredictionArm.values()) {
            for (long seed : seeds) {
                if (Files.exists(experiment.run(arm, seed).resolve(RunDirectory.CONFIG))) {
                    GhnRun run = GhnRun.open(experiment.run(arm, seed));
                    runs.add(new Run(
                            arm,
                            seed,
                            run.finished(),
                            rounds(run.metrics().read()),
                            run.config().provenance()));
                }
            }
        }
        int networks = Arrays.stream(ArchitectureSplit.values())
                .filter(split -> split != ArchitectureSplit.TRAIN)
                .mapToInt(split -> data.networks(split).size())
                .sum();
        return new PredictionFacts(
                experiment.settings(),
                data.description(),
                data.images(Split.TRAIN).size(),
                data.images(Split.TEST).size(),
                networks,
                seeds,
                experiment.entries(),
                runs);
    }

    private static List<Round> rounds(List<JsonNode> lines) {
        List<Round> rounds = new ArrayList<>();
        double seconds = 0;
        for (JsonNode line : lines) {
            seconds += line.path("cpu_seconds").asDouble();
            rounds.add(new Round(
                    line.path("steps").asInt(),
                    seconds,
                    line.path("val_accuracy").asDouble(),
                    line.path("val_loss").asDouble()));
        }
        return rounds;
    }

    List<Run> runsOf(PredictionArm arm) {
        return runs.stream().filter(run -> run.arm == arm).toList();
    }

    /** Returns the seeds whose hypernetwork has been judged on all networks. */
    long[] judgedSeeds(PredictionArm arm) {
        return seeds.stream()
                .mapToLong(Long::longValue)
                .filter(seed -> predicted(arm).stream()
                                .filter(entry -> entry.seed() == seed)
                                .count()
                        == networks)
                .toArray();
    }

    /** Returns the mean accuracy on the test networks, once all networks have been judged. */
    OptionalDouble testAccuracy(PredictionArm arm, long seed) {
        return Arrays.stream(judgedSeeds(arm)).anyMatch(judged -> judged == seed)
                ? predicted(arm).stream()
                        .filter(entry -> entry.seed() == seed)
                        .filter(entry -> entry.split().equals(ArchitectureSplit.TEST.text()))
                        .mapToDouble(entry -> entry.points().get(0).accuracy())
                        .average()
                : OptionalDouble.empty();
    }

    /** Returns what was judged as a hypernetwork wrote it. */
    List<Entry> predicted(PredictionArm arm) {
        return entries.stream()
                .filter(entry -> entry.kind() == Kind.PREDICTED && entry.start().equals(arm.text()))
                .toList();
    }

    /** Returns the descents from a start. */
    List<Entry> descents(String start) {
        return entries.stream()
                .filter(entry -> entry.kind() == Kind.DESCENT && entry.start().equals(start))
                .toList();
    }
}
