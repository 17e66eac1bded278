package dev.weft.cli.service.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.weft.cli.service.problem.ServiceException;

/**
 * A problem as RFC 9457 has it.
 *
 * @param requestId under which the log has more
 */
record ProblemDetails(
        String type,
        String title,
        int status,
        String detail,
        @JsonProperty("request_id") String requestId) {

    static final String MEDIA_TYPE = "application/problem+json";

    static ProblemDetails of(ServiceException failure, String requestId) {
        return new ProblemDetails(
                failure.problem().type(),
                failure.problem().title(),
                failure.problem().status(),
                String.valueOf(failure.getMessage()),
                requestId);
    }
}
