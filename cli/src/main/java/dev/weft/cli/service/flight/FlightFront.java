package dev.weft.cli.service.flight;

import dev.weft.cli.service.Front;
import dev.weft.cli.service.PredictionService;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import javax.net.ssl.SSLContext;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.auth.ServerAuthHandler;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service over Arrow Flight. */
public final class FlightFront implements Front {

    private static final Logger LOG = LoggerFactory.getLogger(FlightFront.class);
    private static final int HEADER_BYTES = 16 << 10;
    private static final int MORE_CALLS = 24; // that are told to come back
    private static final int IDLE_MINUTES = 10;
    private static final int END_SECONDS = 3;

    /** Print stacks of what clients do: messages too large, calls ended in the midst; held so that their levels stay. */
    private static final List<java.util.logging.Logger> TALKATIVE = List.of(
            java.util.logging.Logger.getLogger("io.grpc.netty.NettyServerStream"),
            java.util.logging.Logger.getLogger("io.grpc.netty.NettyServerHandler"));

    private final FlightSettings settings;
    private final BufferAllocator allocator;
    private final ExecutorService workers = Executors.newCachedThreadPool(threads("weft-flight"));
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(threads("weft-flight-clock"));
    private final Server server;

    private FlightFront(PredictionService service, FlightSettings settings) {
        this.settings = settings;
        this.allocator = new RootAllocator(service.limits().memoryBytes());
        this.server = server(service);
    }

    /** Binds and answers until it is closed. */
    public static FlightFront start(PredictionService service, FlightSettings settings) throws IOException {
        TALKATIVE.forEach(logger -> logger.setLevel(Level.OFF));
        FlightFront front = new FlightFront(service, settings);
        try {
            front.server.start();
            return front;
        } catch (IOException | RuntimeException e) {
            front.close();
            throw e;
        }
    }

    private static ThreadFactory threads(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    private Server server(PredictionService service) {
        StreamedCalls calls = new StreamedCalls(service, allocator, workers, clock);
        ServerServiceDefinition flight = FlightGrpcUtils.createFlightService(
                        allocator, new ModelProducer(service, calls), ServerAuthHandler.NO_OP, workers)
                .bindService();
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(settings.host(), settings.port()))
                .executor(workers)
                .addService(ServerInterceptors.intercept(
                        ServerInterceptors.useInputStreamMessages(flight), new Guard(service, settings.keys())))
                .decompressorRegistry(DecompressorRegistry.emptyInstance()) // little could become much
                .maxInboundMessageSize(settings.messageBytes())
                .maxInboundMetadataSize(HEADER_BYTES)
                .maxConcurrentCallsPerConnection(service.limits().requests() + MORE_CALLS)
                .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES);
        if (settings.tls() != null) {
            builder.sslContext(http2(settings.tls()));
        }
        return builder.build();
    }

    private static SslContext http2(SSLContext tls) {
        ApplicationProtocolConfig protocols = new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                ApplicationProtocolNames.HTTP_2);
        return new JdkSslContext(
                tls, false, null, IdentityCipherSuiteFilter.INSTANCE, protocols, ClientAuth.NONE, null, false);
    }

    @Override
    public String protocol() {
        return settings.tls() == null ? "grpc" : "grpc+tls";
    }

    @Override
    public int port() {
        return server.getPort();
    }

    /** Returns the bytes of batches that are in memory. */
    long allocated() {
        return allocator.getAllocatedMemory();
    }

    @Override
    public void close() {
        server.shutdown();
        try {
            if (!server.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow().awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        workers.shutdownNow();
        clock.shutdownNow();
        if (allocated() == 0) {
            allocator.close();
        } else {
            LOG.atWarn().addKeyValue("bytes", allocated()).log("record batches are still in memory");
        }
    }
}
