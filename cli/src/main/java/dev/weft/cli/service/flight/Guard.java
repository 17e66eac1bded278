package dev.weft.cli.service.flight;

import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.RequestId;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.problem.ServiceException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Stands before every call: turns strangers away, gives the call its id, and has its messages looked at before Arrow does. It
 * works on messages as they come from the wire, streams of bytes.
 */
final class Guard implements ServerInterceptor {

    /** The id of the call that a thread works on, for the log. */
    static final Context.Key<String> ID = Context.key("weft.request-id");

    static final Metadata.Key<String> REQUEST_ID = Metadata.Key.of("x-request-id", Metadata.ASCII_STRING_MARSHALLER);

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final PredictionService service;
    private final ApiKeys keys;

    Guard(PredictionService service, ApiKeys keys) {
        this.service = service;
        this.keys = keys;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String id = RequestId.of(headers.get(REQUEST_ID));
        GuardedCall<Q, R> guarded = new GuardedCall<>(call, id);
        try {
            guarded.setClient(keys.admit(headers.get(AUTHORIZATION)));
        } catch (ServiceException e) {
            StatusRuntimeException status = Statuses.of(e);
            guarded.close(status.getStatus(), status.getTrailers());
            return new ServerCall.Listener<>() {};
        }
        Context context = Context.current().withValue(ID, id);
        return new GuardedListener<>(service, guarded, Contexts.interceptCall(context, guarded, headers, next));
    }

    /** Frees a message that goes no further. */
    static void discard(Object message) {
        if (message instanceof InputStream stream) {
            try (stream) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
