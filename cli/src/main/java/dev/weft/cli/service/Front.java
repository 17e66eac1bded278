package dev.weft.cli.service;

import java.io.IOException;

/**
 * A protocol by which the service is reached. It binds when it is made.
 *
 * <p>To add one: 1. a package beside {@code http} with a class that implements this and takes the {@link PredictionService};
 * 2. for each request, in this order: {@link dev.weft.cli.service.access.ApiKeys#admit}, {@link Admission#enter}, the lease of
 * the model, the upload, the operation, the answer, and everything closed again; 3. failures by {@link
 * dev.weft.cli.service.problem.ServiceException#of}; 4. an option of {@code weft serve}.
 */
public interface Front extends AutoCloseable {

    /** Returns what is spoken, {@code http} for example. */
    String protocol();

    /** Returns the port that it is bound to. */
    int port();

    /** Stops listening; requests are over by then, or are broken off. */
    @Override
    void close() throws IOException;
}
