package dev.weft.cli.service.http;

import dev.weft.cli.service.PredictionService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** What Prometheus is told. Labels have few values: routes and not paths, no models and no clients. */
final class Metrics implements AutoCloseable {

    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    Metrics(PredictionService service) {
        Gauge.builder("weft.requests.inside", service.admission(), admission -> admission.inside())
                .description("Requests that have a place and are not answered yet")
                .register(registry);
        Gauge.builder("weft.uploads.bytes", service.spool(), spool -> spool.used())
                .description("Bytes of all uploads that are there")
                .register(registry);
        Gauge.builder("weft.models", service.registry(), models -> models.size())
                .description("Models that are served")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
    }

    /**
     * Counts a request.
     *
     * @param route as in the list of routes, or none
     */
    void count(String method, String route, int status, Duration time) {
        Timer.builder("http.server.requests")
                .description("Requests and how long they took")
                .tag("method", method)
                .tag("route", route)
                .tag("status", String.valueOf(status))
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofMinutes(2))
                .register(registry)
                .record(time);
    }

    /** Returns everything in Prometheus' text format. */
    String text() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
