package dev.weft.cli.results;

import dev.weft.cli.load.Answers;
import dev.weft.cli.load.LoadLog;
import dev.weft.cli.load.LoadPhase;
import dev.weft.cli.load.Overload;
import dev.weft.cli.report.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * What is known of a service under load.
 *
 * @param setup how it was measured
 * @param phases in the order of time
 * @param overload if there was one
 */
record ServiceFacts(LoadLog.Setup setup, List<LoadPhase> phases, Optional<Overload> overload) {

    private static final double MILLIS = 1000;

    /**
     * One workload and number of clients; figures are medians over the rounds.
     *
     * @param batching whether requests could share a pass
     * @param done requests of all rounds
     * @param throughput requests a second
     * @param p50 milliseconds
     * @param p99 milliseconds
     * @param serverMillis processor time of the service for a request, in milliseconds
     * @param clientMillis the same of the clients
     */
    record Line(
            String workload,
            boolean batching,
            int clients,
            long done,
            double throughput,
            double p50,
            double p99,
            double serverMillis,
            double clientMillis) {}

    static ServiceFacts of(LoadLog log) throws IOException {
        return new ServiceFacts(log.setup(), log.phases(), log.overload());
    }

    /** Returns the lines in the order in which they were first measured. */
    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (LoadPhase phase : phases) {
            boolean known = lines.stream().anyMatch(line -> isOf(phase, line.workload, line.batching, line.clients));
            if (!known) {
                lines.add(line(phase));
            }
        }
        return lines;
    }

    private static boolean isOf(LoadPhase phase, String workload, boolean batching, int clients) {
        return phase.workload().equals(workload) && phase.batching() == batching && phase.clients() == clients;
    }

    private Line line(LoadPhase like) {
        List<LoadPhase> rounds = phases.stream()
                .filter(phase -> isOf(phase, like.workload(), like.batching(), like.clients()))
                .toList();
        long done = rounds.stream().mapToLong(phase -> phase.answers().done()).sum();
        return new Line(
                like.workload(),
                like.batching(),
                like.clients(),
                done,
                median(rounds, LoadPhase::throughput),
                median(rounds, phase -> phase.answers().p50()),
                median(rounds, phase -> phase.answers().p99()),
                median(
                        rounds,
                        phase ->
                                MILLIS * phase.serverSeconds() / phase.answers().all()),
                median(
                        rounds,
                        phase ->
                                MILLIS * phase.clientSeconds() / phase.answers().all()));
    }

    private static double median(List<LoadPhase> rounds, ToDoubleFunction<LoadPhase> figure) {
        return Statistics.quantile(0.5, rounds.stream().mapToDouble(figure).toArray());
    }

    /** Returns the workloads that were asked with and without batching. */
    List<String> compared() {
        return phases.stream()
                .filter(phase -> !phase.batching())
                .map(LoadPhase::workload)
                .distinct()
                .toList();
    }

    /** Returns the most clients that a workload was asked by. */
    int mostClients(String workload) {
        return phases.stream()
                .filter(phase -> phase.workload().equals(workload))
                .mapToInt(LoadPhase::clients)
                .max()
                .orElse(0);
    }

    /** Returns for each whole round how many times the throughput is that requests have which share passes. */
    double[] ratios(String workload) {
        int clients = mostClients(workload);
        List<LoadPhase> shared = rounds(workload, true, clients);
        List<LoadPhase> single = rounds(workload, false, clients);
        double[] ratios = new double[Math.min(shared.size(), single.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = shared.get(i).throughput() / single.get(i).throughput();
        }
        return ratios;
    }

    private List<LoadPhase> rounds(String workload, boolean batching, int clients) {
        return phases.stream()
                .filter(phase -> isOf(phase, workload, batching, clients))
                .toList();
    }

    /** Returns how often which statuses came that no client should get, 0 for no answer. */
    SortedMap<String, Long> unexpected() {
        SortedMap<String, Long> all = new TreeMap<>();
        Stream<Answers.Summary> answers = Stream.concat(
                phases.stream().map(LoadPhase::answers), overload.stream().map(Overload::answers));
        answers.forEach(
                each -> Overload.unexpected(each).forEach((status, count) -> all.merge(status, count, Long::sum)));
        return all;
    }
}
