package dev.weft.cli.service.http;

import io.javalin.http.HandlerType;
import java.io.IOException;

/**
 * A path with what it does.
 *
 * @param path as Javalin and OpenAPI write it, {@code /v1/models/{name}}
 * @param access who may use it
 */
record Route(HandlerType method, String path, Access access, Action action) {

    /** Who may use a route, and how. */
    enum Access {
        /** Anybody, at any time: for those who watch over the service. */
        OPEN,
        /** Holders of a key. */
        KEY,
        /** Holders of a key, who take a place inside. */
        ADMITTED
    }

    /** Answers a request. */
    @FunctionalInterface
    interface Action {
        void answer(Exchange exchange) throws IOException;
    }

    static Route get(String path, Access access, Action action) {
        return new Route(HandlerType.GET, path, access, action);
    }

    static Route post(String path, Action action) {
        return new Route(HandlerType.POST, path, Access.ADMITTED, action);
    }
}
