package dev.weft.cli.service.flight;

import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.flight.FlightFrame.Content;
import dev.weft.cli.service.problem.Problem;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/**
 * Passes a call's messages on to Arrow if they are sound, and ends the call at the first that is not. gRPC itself would
 * answer UNKNOWN and leave whoever waits for more messages waiting.
 */
final class GuardedListener<Q, R> extends SimpleForwardingServerCallListener<Q> {

    private static final Set<String> WITH_ARROW = Set.of("DoPut", "DoExchange");

    private final PredictionService service;
    private final GuardedCall<Q, R> call;
    private final boolean arrow;
    private boolean described;
    private boolean begun;
    private boolean over;

    GuardedListener(PredictionService service, GuardedCall<Q, R> call, ServerCall.Listener<Q> next) {
        super(next);
        this.service = service;
        this.call = call;
        this.arrow = WITH_ARROW.contains(call.getMethodDescriptor().getBareMethodName());
    }

    @Override
    public void onMessage(Q message) {
        if (over) {
            Guard.discard(message);
            return;
        }
        try {
            if (arrow) {
                check(FlightFrame.of((InputStream) message));
            }
            super.onMessage(message);
        } catch (IOException | RuntimeException e) {
            Guard.discard(message);
            refuse(e);
        }
    }

    /** Arrow waits for ever for what should have come before. */
    private void check(FlightFrame frame) {
        described |= frame.descriptor();
        boolean schema = frame.content() == Content.SCHEMA;
        boolean batch = frame.content() == Content.BATCH;
        if (schema && begun || (schema || batch) && !described || batch && !begun) {
            throw Problem.BAD_CHECKPOINT.because("expected a descriptor, then a schema, then record batches");
        }
        begun |= schema;
    }

    private void refuse(Exception failure) {
        over = true;
        StatusRuntimeException status = Statuses.of(Statuses.failure(service, failure));
        call.close(status.getStatus(), status.getTrailers());
        super.onCancel();
    }

    @Override
    public void onHalfClose() {
        if (!over) {
            super.onHalfClose();
        }
    }

    @Override
    public void onReady() {
        if (!over) {
            super.onReady();
        }
    }

    @Override
    public void onCancel() {
        if (!over) {
            over = true;
            call.cancelled();
            super.onCancel();
        }
    }

    @Override
    public void onComplete() {
        if (!over) {
            over = true;
            super.onComplete();
        }
    }
}
