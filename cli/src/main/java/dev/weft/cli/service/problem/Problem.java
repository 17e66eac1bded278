package dev.weft.cli.service.problem;

/** Everything that can go wrong with a request. */
public enum Problem {
    INVALID_VALUE("invalid-value", "A value was refused", 400),
    TRUNCATED_BODY("truncated-body", "The request's body ended too early", 400),
    UNAUTHENTICATED("unauthenticated", "A valid API key is needed", 401),
    CROSS_SITE("cross-site", "Other sites' pages may not ask", 403),
    UNKNOWN_MODEL("unknown-model", "There is no such model", 404),
    UNKNOWN_PATH("unknown-path", "There is nothing at this path", 404),
    METHOD_NOT_ALLOWED("method-not-allowed", "The path does not take this method", 405),
    NOT_ACCEPTABLE("not-acceptable", "The answer has no form that was asked for", 406),
    TOO_SLOW("too-slow", "The request's body came too slowly", 408),
    NOT_OFFERED("operation-not-offered", "The model does not do this", 409),
    TOO_LARGE("too-large", "The request or its answer is too large", 413),
    UNSUPPORTED_TYPE("unsupported-type", "The body is of a type that is not read here", 415),
    BAD_CHECKPOINT("bad-checkpoint", "The upload cannot be read", 422),
    RATE_EXCEEDED("rate-exceeded", "The key has asked too often", 429),
    BUSY("busy", "The service has enough to do", 429),
    INTERNAL("internal", "The service failed", 500),
    STOPPING("stopping", "The service is stopping", 503),
    TIMED_OUT("timed-out", "The request took too long", 504);

    private final String word;
    private final String title;
    private final int status;

    Problem(String word, String title, int status) {
        this.word = word;
        this.title = title;
        this.status = status;
    }

    /** Returns the name on the wire. */
    public String word() {
        return word;
    }

    /** Returns the type of the problem as RFC 9457 has it. */
    public String type() {
        return "urn:weft:problem:" + word;
    }

    /** Returns a sentence for people that is the same for every such problem. */
    public String title() {
        return title;
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns an exception to throw. */
    public ServiceException because(String detail) {
        return new ServiceException(this, detail, null);
    }

    /** Returns an exception to throw. */
    public ServiceException because(String detail, Throwable cause) {
        return new ServiceException(this, detail, cause);
    }
}
