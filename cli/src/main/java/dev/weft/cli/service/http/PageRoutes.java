package dev.weft.cli.service.http;

import dev.weft.cli.service.http.Route.Access;
import java.io.IOException;
import java.util.List;

/** The page at {@code /}: three files of this service, and nothing from anywhere else. */
final class PageRoutes {

    /** What the page may do: ask this service, and show what came. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private PageRoutes() {}

    static List<Route> all() {
        return List.of(
                file("/", "page.html", "text/html; charset=utf-8"),
                file("/page.css", "page.css", "text/css; charset=utf-8"),
                file("/page.js", "page.js", "text/javascript; charset=utf-8"));
    }

    private static Route file(String path, String name, String mediaType) {
        return Route.get(path, Access.KEY, exchange -> send(exchange, name, mediaType));
    }

    private static void send(Exchange exchange, String name, String mediaType) throws IOException {
        exchange.header("Content-Security-Policy", POLICY);
        exchange.header("Referrer-Policy", "no-referrer");
        exchange.send(mediaType, SystemRoutes.resource(name));
    }
}
