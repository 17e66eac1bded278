package dev.weft.cli.service.http;

import dev.weft.cli.service.http.Route.Access;
import dev.weft.cli.service.problem.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What those ask who run the service. */
final class SystemRoutes {

    private SystemRoutes() {}

    static List<Route> all() {
        return List.of(
                Route.get("/health/live", Access.OPEN, exchange -> exchange.send(Map.of("status", "live"))),
                Route.get("/health/ready", Access.OPEN, SystemRoutes::ready));
    }

    private static void ready(Exchange exchange) throws IOException {
        if (!exchange.service().admission().isOpen()) {
            throw Problem.STOPPING.because("the service is stopping");
        }
        exchange.send(Map.of(
                "status", "ready", "models", exchange.service().registry().size()));
    }
}
