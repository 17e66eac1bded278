package dev.weft.cli.serve;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.exit.Interruption;
import dev.weft.cli.options.Output;
import dev.weft.cli.service.Front;
import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.access.KeyWatch;
import dev.weft.cli.service.flight.FlightFront;
import dev.weft.cli.service.flight.FlightSettings;
import dev.weft.cli.service.http.HttpFront;
import dev.weft.cli.service.http.HttpSettings;
import dev.weft.cli.service.model.ModelRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weft serve}. */
@Command(
        name = "serve",
        description = {
            "Serve the models of a folder over HTTP and Arrow Flight: metanets, graph hypernetworks and nowcasters, found by themselves and"
                    + " loaded anew when they change.",
            "Other machines are served only with --keys or --anybody. SIGTERM or Ctrl-C ends the service when all requests"
                    + " that have begun are answered."
        },
        footer = {
            "",
            "Example:",
            "  weft serve --models quickstart/runs",
            "  weft serve --models runs --flight 8081",
            "  weft serve --models runs --host 0.0.0.0 --keys keys.txt --tls-certificate cert.pem --tls-key key.pem"
        })
public final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final int PORT_DEFAULT = 8080;
    private static final int GRACE_SECONDS_DEFAULT = 30;

    @Option(names = "--models", paramLabel = "DIR", required = true, description = "The folder of models.")
    private Path models;

    @Option(
            names = "--http",
            paramLabel = "PORT",
            description = "Where HTTP is spoken, 0 for any free port (default: ${DEFAULT-VALUE}).")
    private int http = PORT_DEFAULT;

    @Option(
            names = "--flight",
            paramLabel = "PORT",
            description = {
                "Where Arrow Flight is spoken too, 0 for any free port (default: nowhere).",
                "Tensors are rows name: utf8, shape: list<int64>, values: list<float32>. doGet a ticket {\"model\": NAME,"
                        + " \"operation\": \"parameters\", \"family\": \"resnet18\"}; doExchange a command {\"model\":"
                        + " NAME, \"operation\": \"nowcast\", \"horizon\": 5} with the tensors of five states, oldest"
                        + " first; list flights for the models."
            })
    private @Nullable Integer flight;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The address to bind to (default: ${DEFAULT-VALUE}, this machine only).")
    private String host = "127.0.0.1";

    @Option(
            names = "--keys",
            paramLabel = "FILE",
            description = "Serve only holders of these keys; weft serve-key makes one. Changes are noticed.")
    private @Nullable Path keys;

    @Option(names = "--anybody", description = "Serve other machines without keys.")
    private boolean anybody;

    @ArgGroup(exclusive = false)
    private @Nullable Tls tls;

    /** The service's certificate. */
    static final class Tls {
        @Option(
                names = "--tls-certificate",
                paramLabel = "FILE",
                required = true,
                description = "Speak HTTPS: the certificate as PEM, followed by those that lead to a known one.")
        private Path certificate;

        @Option(
                names = "--tls-key",
                paramLabel = "FILE",
                required = true,
                description = "The certificate's unencrypted PKCS #8 key as PEM.")
        private Path key;
    }

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            description = "How long requests may take to finish at the end (default: ${DEFAULT-VALUE}).")
    private int grace = GRACE_SECONDS_DEFAULT;

    @Option(names = "--log", paramLabel = "FORM", description = "text or json, a line an event (default: json).")
    private LogForm log = LogForm.JSON;

    @Mixin
    private final LimitOptions limits = new LimitOptions();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec command;

    /** Forms of the log. */
    enum LogForm {
        TEXT,
        JSON
    }

    /** An address that is listened at. */
    record Endpoint(String protocol, String host, int port) {}

    /** What the command reports when it is ready. */
    record Ready(Path models, int count, List<Endpoint> endpoints) {}

    @Override
    public Integer call() throws IOException {
        ApiKeys access = keys == null ? ApiKeys.none() : ApiKeys.read(keys);
        requireKeysBeyondThisMachine(access);
        SSLContext certificate = tls == null ? null : PemFiles.tls(tls.certificate, tls.key);
        if (!Files.isDirectory(models)) {
            throw new NoSuchFileException(models.toString(), null, "no such directory");
        }
        if (log == LogForm.JSON) {
            JsonLogs.use();
        }
        CountDownLatch end = new CountDownLatch(1);
        try (Interruption stop = Interruption.watch(end::countDown);
                PredictionService service = PredictionService.open(models, limits.limits(), limits.batch());
                KeyWatch watch = keys == null ? null : KeyWatch.begin(access, keys, ModelRegistry.INTERVAL_DEFAULT)) {
            service.registry().watch(ModelRegistry.INTERVAL_DEFAULT);
            serve(service, access, certificate, end);
        }
        return ExitCode.OK;
    }

    private void requireKeysBeyondThisMachine(ApiKeys access) throws IOException {
        if (!access.needed() && !anybody && !InetAddress.getByName(host).isLoopbackAddress()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--host " + host + " can be reached from other machines: give --keys FILE, or --anybody if that is"
                            + " meant");
        }
    }

    private void serve(PredictionService service, ApiKeys access, @Nullable SSLContext certificate, CountDownLatch end)
            throws IOException {
        List<Front> fronts = new ArrayList<>();
        try {
            fronts.add(HttpFront.start(service, new HttpSettings(host, http, access, certificate)));
            if (flight != null) {
                fronts.add(FlightFront.start(
                        service, new FlightSettings(host, flight, access, certificate, limits.message())));
            }
            report(service, fronts);
            end.await();
            if (!service.drain(Duration.ofSeconds(grace))) {
                LOG.warn("requests were broken off after {} seconds", grace);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            for (Front front : fronts) {
                front.close();
            }
        }
    }

    private void report(PredictionService service, List<Front> fronts) {
        List<Endpoint> endpoints = fronts.stream()
                .map(front -> new Endpoint(front.protocol(), host, front.port()))
                .toList();
        Ready ready = new Ready(models, service.registry().size(), endpoints);
        output.print(
                ready,
                text -> endpoints.forEach(each ->
                        text.printf("%d models at %s://%s:%d%n", ready.count, each.protocol, each.host, each.port)));
    }
}
