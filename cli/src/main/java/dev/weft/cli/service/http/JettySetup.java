package dev.weft.cli.service.http;

import dev.weft.cli.service.ServiceLimits;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** How Jetty is set up: one connector, threads for all who may be inside and a few more to turn others away. */
final class JettySetup {

    private static final int MORE_THREADS = 24;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration BEHIND_TIME = Duration.ofSeconds(1); // so that who computes too long is told first
    private static final int HEADER_BYTES = 16 << 10;

    private JettySetup() {}

    static void apply(JavalinConfig config, HttpSettings settings, ServiceLimits limits) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.compressionStrategy = CompressionStrategy.NONE;
        QueuedThreadPool threads = new QueuedThreadPool(limits.requests() + MORE_THREADS);
        threads.setName("weft-http");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setRequestHeaderSize(HEADER_BYTES);
        });
        config.jetty.modifyServer(server -> server.setErrorHandler(new JettyErrors()));
        config.jetty.addConnector((server, http) -> connector(server, http, settings, idle(limits)));
    }

    /** Nobody who takes nothing of the answer holds a place much longer than a request may take. */
    private static Duration idle(ServiceLimits limits) {
        Duration time = limits.time().plus(BEHIND_TIME);
        return time.compareTo(IDLE) < 0 ? time : IDLE;
    }

    private static ServerConnector connector(
            Server server, HttpConfiguration http, HttpSettings settings, Duration idle) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector;
        if (settings.tls() == null) {
            connector = new ServerConnector(server, plain);
        } else {
            SslContextFactory.Server tls = new SslContextFactory.Server();
            tls.setSslContext(settings.tls());
            connector = new ServerConnector(server, new SslConnectionFactory(tls, plain.getProtocol()), plain);
        }
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(idle.toMillis());
        return connector;
    }

    /** Breaks the connection off. */
    static void abort(HttpServletRequest request) {
        ServletContextRequest.getServletContextRequest(request)
                .getConnectionMetaData()
                .getConnection()
                .getEndPoint()
                .close();
    }
}
