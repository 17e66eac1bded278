package dev.weft.cli.exit;

import dev.weft.network.FormatException;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParameterException;

/** The one place where an exception becomes an exit code and a sentence. */
public final class Failures {

    private Failures() {}

    /** Returns the exit code for whatever a command threw. */
    public static int exitCode(Throwable thrown) {
        Throwable failure = unwrap(thrown);
        if (failure instanceof InterruptedJobException) {
            return ExitCode.INTERRUPTED;
        }
        if (failure instanceof FormatException) {
            return ExitCode.BAD_FILE;
        }
        if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
            return ExitCode.NOT_FOUND;
        }
        boolean usage = failure instanceof ParameterException
                || failure instanceof FileAlreadyExistsException
                || failure instanceof NotDirectoryException
                || isRefusedValue(failure);
        return usage ? ExitCode.USAGE : ExitCode.INTERNAL;
    }

    /** Returns what to tell the person, without a stack trace. */
    public static String message(Throwable thrown) {
        Throwable failure = unwrap(thrown);
        if (failure instanceof FileSystemException file) {
            return fileMessage(file);
        }
        if (failure instanceof OutOfMemoryError) {
            return "out of memory (" + failure.getMessage() + "); give Java more with WEFT_JAVA_OPTS=-Xmx4g";
        }
        String said = failure.getMessage();
        if (exitCode(failure) == ExitCode.INTERNAL || said == null) {
            return "internal error: " + failure + " (-vv shows where)";
        }
        return said;
    }

    private static String fileMessage(FileSystemException failure) {
        String reason = failure.getReason();
        if (reason != null) {
            return failure.getFile() + ": " + reason;
        }
        if (failure instanceof NoSuchFileException) {
            reason = "no such file or directory";
        } else if (failure instanceof FileAlreadyExistsException) {
            reason = "exists already";
        } else if (failure instanceof NotDirectoryException) {
            reason = "expected a directory, found a file";
        } else if (failure instanceof AccessDeniedException) {
            reason = "access denied";
        } else {
            reason = failure.getClass().getSimpleName();
        }
        return failure.getFile() + ": " + reason;
    }

    /**
     * Weft's own code throws IllegalArgumentException for the caller's values, which here are the user's. From anywhere
     * else the same exception is a defect.
     */
    private static boolean isRefusedValue(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        return failure instanceof IllegalArgumentException
                && trace.length > 0
                && trace[0].getClassName().startsWith("dev.weft.");
    }

    private static Throwable unwrap(Throwable thrown) {
        Throwable failure = thrown;
        @Nullable Throwable cause = failure.getCause();
        while (cause != null && isWrapper(failure)) {
            failure = cause;
            cause = failure.getCause();
        }
        return failure;
    }

    private static boolean isWrapper(Throwable failure) {
        return failure instanceof UncheckedIOException
                || failure instanceof ExecutionException
                || failure instanceof CompletionException;
    }
}
