package dev.weft.cli.service.http;

import dev.weft.cli.service.access.ApiKeys;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where and to whom HTTP is spoken.
 *
 * @param host address to bind to
 * @param port 0 for any that is free
 * @param tls with the service's certificate, none for plain HTTP
 */
public record HttpSettings(
        String host, int port, ApiKeys keys, @Nullable SSLContext tls) {}
