package dev.weft.cli.service.http;

import dev.weft.cli.report.Json;
import dev.weft.cli.service.problem.Problem;
import java.util.UUID;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Problems of requests that are no HTTP, or too much of it, so that Jetty answers them before anybody else sees them. */
final class JettyErrors extends ErrorHandler {

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        Problem problem = code >= 500 ? Problem.INTERNAL : Problem.INVALID_VALUE;
        String id = UUID.randomUUID().toString();
        ProblemDetails details = new ProblemDetails(
                problem.type(), problem.title(), code, message == null ? "no sound request" : message, id);
        response.setStatus(code);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, ProblemDetails.MEDIA_TYPE);
        Content.Sink.write(response, true, Json.write(details), callback);
    }
}
