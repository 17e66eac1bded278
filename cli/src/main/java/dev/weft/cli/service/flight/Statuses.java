package dev.weft.cli.service.flight;

import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.problem.Problem;
import dev.weft.cli.service.problem.ServiceException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.apache.arrow.memory.OutOfMemoryException;

/** What a failed call is answered with; Flight's codes are gRPC's under other names. */
final class Statuses {

    /** The problem's word, the same as over HTTP. */
    static final Metadata.Key<String> PROBLEM = Metadata.Key.of("weft-problem", Metadata.ASCII_STRING_MARSHALLER);

    private Statuses() {}

    /** Returns what to answer instead of whatever was thrown. */
    static ServiceException failure(PredictionService service, Throwable thrown) {
        if (thrown instanceof ServiceException) {
            return service.failure(thrown);
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryException) {
                return Problem.BUSY.because("other requests take the memory that there is for messages", thrown);
            }
        }
        return service.failure(thrown);
    }

    /** Returns the status with the problem's word, as gRPC throws it. */
    static StatusRuntimeException of(ServiceException failure) {
        Metadata trailers = new Metadata();
        trailers.put(PROBLEM, failure.problem().word());
        return Status.fromCode(code(failure.problem()))
                .withDescription(failure.getMessage())
                .asRuntimeException(trailers);
    }

    private static Status.Code code(Problem problem) {
        return switch (problem) {
            case INVALID_VALUE, TRUNCATED_BODY, BAD_CHECKPOINT, UNSUPPORTED_TYPE, NOT_ACCEPTABLE ->
                Status.Code.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> Status.Code.UNAUTHENTICATED;
            case CROSS_SITE -> Status.Code.PERMISSION_DENIED;
            case UNKNOWN_MODEL, UNKNOWN_PATH -> Status.Code.NOT_FOUND;
            case NOT_OFFERED, METHOD_NOT_ALLOWED -> Status.Code.UNIMPLEMENTED;
            case TOO_SLOW, TIMED_OUT -> Status.Code.DEADLINE_EXCEEDED;
            case TOO_LARGE, RATE_EXCEEDED -> Status.Code.RESOURCE_EXHAUSTED;
            case BUSY, STOPPING -> Status.Code.UNAVAILABLE;
            case INTERNAL -> Status.Code.INTERNAL;
        };
    }
}
