package dev.weft.cli.service.flight;

import dev.weft.cli.service.access.ApiKeys;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where and to whom Flight is spoken.
 *
 * @param host address to bind to
 * @param port 0 for any that is free
 * @param tls with the service's certificate, none for plain gRPC
 * @param messageBytes of one message of a client, which holds a record batch; up to three copies of it are in memory at once
 */
public record FlightSettings(
        String host, int port, ApiKeys keys, @Nullable SSLContext tls, int messageBytes) {

    /** Holds the largest tensor of most networks, the embedding of GPT-2 for example. */
    public static final int MESSAGE_MIB_DEFAULT = 256;

    public FlightSettings {
        if (messageBytes < 1) {
            throw new IllegalArgumentException("message: expected 1 byte or more, found " + messageBytes);
        }
    }
}
