package dev.weft.cli.service.http;

import dev.weft.cli.report.Json;
import dev.weft.cli.service.Admission;
import dev.weft.cli.service.Front;
import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.RequestId;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service over HTTP. */
public final class HttpFront implements Front {

    private static final Logger LOG = LoggerFactory.getLogger(HttpFront.class);
    private static final String REQUEST_ID = "X-Request-Id";
    private static final String CLIENT = "weft.client";
    private static final String ROUTE = "weft.route";
    private static final double NANOS_PER_MILLI = 1e6;

    private static final List<Route> ROUTES = Stream.of(
                    PageRoutes.all(), SystemRoutes.all(), ModelRoutes.all(), CheckpointRoutes.all())
            .flatMap(List::stream)
            .toList();

    private final PredictionService service;
    private final HttpSettings settings;
    private final Metrics metrics;
    private final Javalin javalin;

    private HttpFront(PredictionService service, HttpSettings settings) {
        this.service = service;
        this.settings = settings;
        this.metrics = new Metrics(service);
        this.javalin = Javalin.create(this::configure);
    }

    /** Binds and answers until it is closed. */
    public static HttpFront start(PredictionService service, HttpSettings settings) {
        HttpFront front = new HttpFront(service, settings);
        front.javalin.start();
        return front;
    }

    /** Returns all routes. */
    static List<Route> routes() {
        return ROUTES;
    }

    @Override
    public String protocol() {
        return settings.tls() == null ? "http" : "https";
    }

    @Override
    public int port() {
        return javalin.port();
    }

    private void configure(JavalinConfig config) {
        JettySetup.apply(config, settings, service.limits());
        config.http.prefer405over404 = true;
        config.routes.before(this::begin);
        for (Route route : routes()) {
            config.routes.addHttpHandler(route.method(), route.path(), context -> answer(route, context));
        }
        config.routes.exception(HttpResponseException.class, this::fail); // Javalin has a text of its own for these
        config.routes.exception(Exception.class, this::fail);
        config.router.javaLangErrorHandler((response, error) -> LOG.error("a request failed", error));
        config.requestLogger.http((context, millis) -> done(context, millis));
    }

    /** Gives the request its id and turns strangers away, whatever the path. */
    private void begin(Context context) {
        String id = RequestId.of(context.header(REQUEST_ID));
        context.attribute(REQUEST_ID, id);
        context.header(REQUEST_ID, id);
        context.header("X-Content-Type-Options", "nosniff");
        context.header("Cache-Control", "no-store");
        if (isOpen(context)) {
            return;
        }
        context.attribute(CLIENT, settings.keys().admit(context.header("Authorization")));
        String site = context.header("Sec-Fetch-Site");
        if (site != null && site.equals("cross-site")) {
            throw Problem.CROSS_SITE.because("this request comes from a page of another site");
        }
    }

    private static boolean isOpen(Context context) {
        return routes().stream()
                .anyMatch(route -> route.access() == Route.Access.OPEN
                        && route.path().equals(context.path())
                        && route.method() == context.method());
    }

    private void answer(Route route, Context context) throws IOException {
        Exchange exchange = new Exchange(service, metrics, context);
        context.attribute(ROUTE, route.path());
        if (route.access() != Route.Access.ADMITTED) {
            route.action().answer(exchange);
            return;
        }
        try (Admission.Ticket ticket = service.admission().enter()) {
            answerInside(route, exchange, context);
        }
    }

    /** Failures are answered while the request still has its place. */
    private void answerInside(Route route, Exchange exchange, Context context) {
        try {
            route.action().answer(exchange);
        } catch (Exception | Error e) { // the client is told, and the thread goes on
            fail(e, context);
        }
    }

    private void fail(Throwable thrown, Context context) {
        String id = String.valueOf(context.<String>attribute(REQUEST_ID));
        if (hasGone(thrown)) {
            LOG.atDebug().addKeyValue("request_id", id).setCause(thrown).log("the client has gone");
            JettySetup.abort(context.req());
            return;
        }
        ServiceException failure = problem(thrown);
        if (failure.problem() == Problem.INTERNAL) {
            LOG.atError().addKeyValue("request_id", id).setCause(thrown).log("a request failed");
        }
        if (context.res().isCommitted()) {
            JettySetup.abort(context.req()); // so that the client does not take half an answer for a whole one
            return;
        }
        context.res().resetBuffer();
        context.status(failure.problem().status());
        if (failure.passes()) {
            context.header("Retry-After", String.valueOf(ServiceException.RETRY_AFTER_SECONDS));
        }
        if (failure.problem() == Problem.UNAUTHENTICATED) {
            context.header("WWW-Authenticate", "Basic realm=\"weft\", charset=\"UTF-8\"");
        }
        if (context.req().getContentLengthLong()
                != 0) { // a body that was not read ends the connection, and that is said
            context.header("Connection", "close");
        }
        byte[] body = Json.write(ProblemDetails.of(failure, id)).getBytes(StandardCharsets.UTF_8);
        try {
            new Exchange(service, metrics, context).send(ProblemDetails.MEDIA_TYPE, body);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("request_id", id).setCause(e).log("the client has gone");
        }
    }

    /** Whether nobody takes the answer any more; what comes too late from clients is a problem of its own already. */
    private static boolean hasGone(Throwable thrown) {
        return thrown instanceof EofException
                || thrown instanceof IOException && thrown.getCause() instanceof TimeoutException;
    }

    private ServiceException problem(Throwable thrown) {
        if (thrown instanceof HttpResponseException refused) {
            return switch (refused.getStatus()) {
                case 404 -> Problem.UNKNOWN_PATH.because("see /openapi.yaml for what there is");
                case 405 -> Problem.METHOD_NOT_ALLOWED.because("see /openapi.yaml for what there is");
                default -> Problem.INVALID_VALUE.because(String.valueOf(refused.getMessage()));
            };
        }
        return service.failure(thrown);
    }

    private void done(Context context, float millis) {
        String route = context.<String>attribute(ROUTE);
        long nanos = (long) (NANOS_PER_MILLI * millis);
        metrics.count(
                methodName(context), route == null ? "none" : route, context.statusCode(), Duration.ofNanos(nanos));
        LOG.atInfo()
                .addKeyValue("request_id", context.<String>attribute(REQUEST_ID))
                .addKeyValue("client", context.<String>attribute(CLIENT))
                .addKeyValue("method", methodName(context))
                .addKeyValue("path", context.path())
                .addKeyValue("status", context.statusCode())
                .addKeyValue("ms", millis)
                .log("request");
    }

    /** Methods that nobody knows share a name, for each one would be kept for ever in the metrics. */
    private static String methodName(Context context) {
        HandlerType method = context.method();
        return HandlerType.commonHttp().contains(method) ? method.name() : "OTHER";
    }

    @Override
    public void close() {
        javalin.stop();
        metrics.close();
    }
}
