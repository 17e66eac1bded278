package dev.weft.cli.results;

import dev.weft.cli.load.Overload;
import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.plot.CurvePlot.Panel;
import dev.weft.cli.plot.CurvePlot.Series;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The pictures of {@link ServicePage}. */
final class ServicePictures {

    static final String LATENCY = "latency";
    static final String OVERLOAD = "overload";

    private static final double SECONDS_PER_MINUTE = 60;

    private final ServiceFacts facts;

    ServicePictures(ServiceFacts facts) {
        this.facts = facts;
    }

    void write(PageFiles files) throws IOException {
        if (!facts.compared().isEmpty()) {
            files.picture(LATENCY, this::latency);
        }
        if (facts.overload().isPresent() && !facts.overload().get().samples().isEmpty()) {
            files.picture(OVERLOAD, () -> overload(facts.overload().get()));
        }
    }

    /** Of workloads that are asked by many. */
    private BufferedImage latency() {
        return CurvePlot.draw(List.of(
                panel("Requests a second", ServiceFacts.Line::throughput),
                panel("p50, ms", ServiceFacts.Line::p50),
                panel("p99, ms", ServiceFacts.Line::p99)));
    }

    private Panel panel(String title, ToDoubleFunction<ServiceFacts.Line> figure) {
        Map<String, List<ServiceFacts.Line>> series = facts.lines().stream()
                .filter(line -> facts.compared().contains(line.workload()))
                .collect(Collectors.groupingBy(
                        line -> line.workload() + (line.batching() ? ", shared" : ", one by one"),
                        LinkedHashMap::new,
                        Collectors.toList()));
        List<Series> curves = new ArrayList<>();
        series.forEach((name, lines) -> curves.add(new Series(
                name,
                lines.stream().mapToDouble(ServiceFacts.Line::clients).toArray(),
                lines.stream().mapToDouble(figure).toArray())));
        return new Panel(title, "clients", curves);
    }

    private static BufferedImage overload(Overload overload) {
        List<Overload.Sample> samples = whole(overload.samples());
        double[] minutes = samples.stream()
                .mapToDouble(sample -> sample.second() / SECONDS_PER_MINUTE)
                .toArray();
        double[] spans = new double[minutes.length];
        for (int i = 0; i < spans.length; i++) {
            spans[i] =
                    samples.get(i).second() - (i == 0 ? 0 : samples.get(i - 1).second());
        }
        return CurvePlot.draw(List.of(
                new Panel("Answers a second", "minutes", rates(samples, minutes, spans)),
                new Panel(
                        "Time to an answer, ms",
                        "minutes",
                        List.of(
                                series(
                                        "p50",
                                        minutes,
                                        samples,
                                        sample -> time(sample, sample.answers().p50())),
                                series(
                                        "p99",
                                        minutes,
                                        samples,
                                        sample -> time(sample, sample.answers().p99())))),
                new Panel(
                        "Memory of the service, MiB",
                        "minutes",
                        List.of(
                                series("resident", minutes, samples, Overload.Sample::resident),
                                series("objects on the heap", minutes, samples, Overload.Sample::heap)))));
    }

    /** Without an answer there is no time. */
    private static double time(Overload.Sample sample, double millis) {
        return sample.answers().done() == 0 ? Double.NaN : millis;
    }

    /** Leaves out the last look, which comes when all is over, if it is of too short a time for a rate. */
    private static List<Overload.Sample> whole(List<Overload.Sample> samples) {
        int last = samples.size() - 1;
        return last > 0
                        && samples.get(last).second() - samples.get(last - 1).second()
                                < samples.get(0).second() / 2
                ? samples.subList(0, last)
                : samples;
    }

    private static List<Series> rates(List<Overload.Sample> samples, double[] minutes, double[] spans) {
        List<String> statuses = samples.stream()
                .flatMap(sample -> sample.answers().statuses().keySet().stream())
                .distinct()
                .sorted()
                .toList();
        List<Series> rates = new ArrayList<>();
        for (String status : statuses) {
            double[] rate = new double[minutes.length];
            for (int i = 0; i < rate.length; i++) {
                rate[i] = samples.get(i).answers().statuses().getOrDefault(status, 0L) / spans[i];
            }
            rates.add(new Series(status, minutes, rate));
        }
        return rates;
    }

    private static Series series(
            String name, double[] minutes, List<Overload.Sample> samples, ToDoubleFunction<Overload.Sample> figure) {
        return new Series(name, minutes, samples.stream().mapToDouble(figure).toArray());
    }
}
