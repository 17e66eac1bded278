package dev.weft.cli.results;

import dev.weft.cli.load.Overload;
import dev.weft.cli.report.Durations;
import dev.weft.cli.report.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What was asked of the service, and whether it holds, in sentences. */
final class ServiceVerdicts {

    /** How many times as much is to be done when requests share passes. */
    private static final double GOAL = 3;

    private ServiceVerdicts() {}

    static List<String> of(ServiceFacts facts) {
        List<String> verdicts = new ArrayList<>();
        for (String workload : facts.compared()) {
            double[] ratios = facts.ratios(workload);
            if (ratios.length > 0) {
                verdicts.add(ratio(workload, facts.mostClients(workload), ratios));
            }
        }
        facts.overload().ifPresent(overload -> verdicts.addAll(of(overload)));
        verdicts.add(statuses(facts.unexpected()));
        return verdicts;
    }

    private static String ratio(String workload, int clients, double[] ratios) {
        double median = Statistics.quantile(0.5, ratios);
        return String.format(
                Locale.ROOT,
                "%s: with %d clients, sharing passes gives %.1f times the throughput of one by one (rounds: %s), %s the goal of"
                        + " %.0f.",
                workload,
                clients,
                median,
                Arrays.stream(ratios).mapToObj(ratio -> format("%.1f", ratio)).collect(Collectors.joining(", ")),
                median >= GOAL ? "which meets" : "which misses",
                GOAL);
    }

    private static List<String> of(Overload overload) {
        return List.of(
                format(
                        "Overload: %,d requests in %s, %.0f a second, where the best round before had done %.0f; %,d were answered (%s a"
                                + " second), half of them within %s ms, 99 of 100 within %s ms, the slowest in %s ms; others were"
                                + " told to come back.",
                        overload.answers().all(),
                        Durations.text(overload.seconds()),
                        overload.answers().all() / overload.seconds(),
                        overload.capacity(),
                        overload.answers().done(),
                        ServiceTable.figure(overload.answers().done() / overload.seconds()),
                        ServiceTable.figure(overload.answers().p50()),
                        ServiceTable.figure(overload.answers().p99()),
                        ServiceTable.figure(overload.answers().longest())),
                growth("Resident memory, mean", overload.resident()),
                growth("The least that objects took on the heap", overload.live()));
    }

    private static String growth(String what, Overload.Growth growth) {
        return format(
                "%s: %.0f MiB in the first third of the time and %.0f MiB in the last, %s.",
                what, growth.first(), growth.last(), growth.flat() ? "flat" : "NOT flat");
    }

    private static String statuses(SortedMap<String, Long> unexpected) {
        return unexpected.isEmpty()
                ? "Every request was answered with 200, 429 or 503."
                : "FAILED: answers other than 200, 429 and 503 (0: none at all): " + unexpected + ".";
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
