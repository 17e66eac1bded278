package dev.weft.cli.service.flight;

import dev.weft.cli.service.access.ApiKeys;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A call that may be ended from both sides: by whoever answers it and by whoever refuses what comes in. The first end counts
 * and is logged.
 */
final class GuardedCall<Q, R> extends SimpleForwardingServerCall<Q, R> {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedCall.class);

    private final String id;
    private final long begin = System.nanoTime();
    private String client = ApiKeys.ANYBODY;
    private boolean ended;

    GuardedCall(ServerCall<Q, R> call, String id) {
        super(call);
        this.id = id;
    }

    void setClient(String name) {
        client = name;
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!ended) {
            headers.put(Guard.REQUEST_ID, id);
            super.sendHeaders(headers);
        }
    }

    @Override
    public synchronized void sendMessage(R message) {
        if (ended) {
            Guard.discard(message);
        } else {
            super.sendMessage(message);
        }
    }

    @Override
    public synchronized void close(Status status, @Nullable Metadata trailers) {
        if (!ended) {
            end(status);
            Metadata sent = trailers == null ? new Metadata() : trailers;
            sent.discardAll(Guard.REQUEST_ID);
            sent.put(Guard.REQUEST_ID, id);
            super.close(status, sent);
        }
    }

    /** The client has ended the call. */
    synchronized void cancelled() {
        if (!ended) {
            end(Status.CANCELLED);
        }
    }

    private void end(Status status) {
        ended = true;
        LOG.atInfo()
                .addKeyValue("request_id", id)
                .addKeyValue("client", client)
                .addKeyValue("method", getMethodDescriptor().getBareMethodName())
                .addKeyValue("status", status.getCode())
                .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                .log("request");
    }
}
