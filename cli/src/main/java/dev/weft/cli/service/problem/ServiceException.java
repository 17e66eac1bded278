package dev.weft.cli.service.problem;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Failures;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request that was refused or failed; the message is for whoever asked and names no path of this machine. */
public final class ServiceException extends RuntimeException {

    /** When to come back to a service that is busy, in seconds. */
    public static final int RETRY_AFTER_SECONDS = 1;

    private static final long serialVersionUID = 1;

    private final Problem problem;

    ServiceException(Problem problem, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.problem = problem;
    }

    /** Turns whatever was thrown into what is answered; defects keep their details to themselves and the log. */
    public static ServiceException of(Throwable thrown) {
        Throwable failure = thrown;
        @Nullable Throwable cause = failure.getCause();
        while (cause != null && (failure instanceof ExecutionException || failure instanceof CompletionException)) {
            failure = cause;
            cause = failure.getCause();
        }
        if (failure instanceof ServiceException known) {
            return known;
        }
        return switch (Failures.exitCode(failure)) {
            case ExitCode.USAGE -> Problem.INVALID_VALUE.because(Failures.message(failure), failure);
            case ExitCode.BAD_FILE -> Problem.BAD_CHECKPOINT.because(Failures.message(failure), failure);
            default -> Problem.INTERNAL.because("an internal error; the log has it under this request's id", failure);
        };
    }

    public Problem problem() {
        return problem;
    }

    /** Whether the same request may succeed a moment later. */
    public boolean passes() {
        return problem == Problem.BUSY || problem == Problem.RATE_EXCEEDED || problem == Problem.STOPPING;
    }

    /** Returns the same with other words in some places of the message. */
    public ServiceException withReplaced(Pattern words, String by) {
        String said = String.valueOf(getMessage());
        String replaced = words.matcher(said).replaceAll(Matcher.quoteReplacement(by));
        return replaced.equals(said) ? this : new ServiceException(problem, replaced, getCause());
    }
}
