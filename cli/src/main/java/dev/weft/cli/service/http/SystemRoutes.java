package dev.weft.cli.service.http;

import dev.weft.cli.service.http.Route.Access;
import dev.weft.cli.service.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What those ask who run the service. */
final class SystemRoutes {

    private SystemRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.get("/health/live", Access.OPEN, exchange -> exchange.send(Map.of("status", "live"))),
                Route.get("/health/ready", Access.OPEN, SystemRoutes::ready),
                Route.get("/metrics", Access.KEY, SystemRoutes::metrics),
                Route.get(
                        "/openapi.yaml",
                        Access.KEY,
                        exchange -> exchange.send("application/yaml", resource("openapi.yaml"))));
    }

    private static void metrics(Exchange exchange) throws IOException {
        exchange.send(Metrics.MEDIA_TYPE, exchange.metrics().text().getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a file that lies beside this class. */
    static byte[] resource(String name) throws IOException {
        try (InputStream in = SystemRoutes.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static void ready(Exchange exchange) throws IOException {
        if (!exchange.service().admission().isOpen()) {
            throw Problem.STOPPING.because("the service is stopping");
        }
        exchange.send(Map.of(
                "status", "ready", "models", exchange.service().registry().size()));
    }
}
