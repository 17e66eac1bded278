package dev.weft.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.SmallModels;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.flight.FlightFront;
import dev.weft.cli.service.flight.FlightSettings;
import dev.weft.cli.service.http.HttpFront;
import dev.weft.cli.service.http.HttpSettings;
import dev.weft.cli.service.model.BatchSettings;
import dev.weft.network.FormatException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS and Flight over TLS with a certificate that keytool made. */
class PemFilesTest {

    @TempDir
    private Path folder;

    private Path certificate;
    private Path key;
    private KeyStore store;

    @BeforeEach
    void makeACertificate() throws Exception {
        Path file = folder.resolve("store.p12");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "a",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                file.toString());
        assertEquals(
                0,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("keytool.log").toFile())
                        .start()
                        .waitFor());
        store = KeyStore.getInstance(file.toFile(), "secret".toCharArray());
        Certificate made = store.getCertificate("a");
        certificate = pem("certificate.pem", "CERTIFICATE", made.getEncoded());
        key = pem(
                "key.pem",
                "PRIVATE KEY",
                store.getKey("a", "secret".toCharArray()).getEncoded());
    }

    private Path pem(String name, String label, byte[] bytes) throws Exception {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                folder.resolve(name), "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
    }

    @Test
    void theServiceSpeaksHttps() throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        store.setCertificateEntry("trusted", store.getCertificate("a"));
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        HttpClient client = HttpClient.newBuilder().sslContext(context).build();
        try (PredictionService service =
                        PredictionService.open(folder, ServiceLimits.defaults(), BatchSettings.DEFAULT);
                HttpFront front = HttpFront.start(
                        service, new HttpSettings("127.0.0.1", 0, ApiKeys.none(), PemFiles.tls(certificate, key)))) {
            URI uri = URI.create("https://localhost:" + front.port() + "/health/ready");
            assertEquals(
                    200,
                    client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                            .statusCode());
        }
    }

    private static int flights(FlightClient.Builder builder) throws InterruptedException {
        try (FlightClient client = builder.build()) {
            int flights = 0;
            for (FlightInfo flight : client.listFlights(Criteria.ALL)) {
                flights += flight.getDescriptor().getPath().size();
            }
            return flights;
        }
    }

    @Test
    void theServiceSpeaksFlightOverTls() throws Exception {
        Path models = SmallModels.write(folder.resolve("models"));
        FlightSettings settings =
                new FlightSettings("127.0.0.1", 0, ApiKeys.none(), PemFiles.tls(certificate, key), 1 << 20);
        try (PredictionService service =
                        PredictionService.open(models, ServiceLimits.defaults(), BatchSettings.DEFAULT);
                FlightFront front = FlightFront.start(service, settings);
                BufferAllocator allocator = new RootAllocator();
                InputStream trusted = Files.newInputStream(certificate);
                InputStream again = Files.newInputStream(certificate)) {
            assertEquals("grpc+tls", front.protocol());
            Location location = Location.forGrpcTls("localhost", front.port());
            assertEquals(3, flights(FlightClient.builder(allocator, location).trustedCertificates(trusted)));
            Location other = Location.forGrpcTls("127.0.0.1", front.port());
            Location plain = Location.forGrpcInsecure("localhost", front.port());
            for (FlightClient.Builder stranger : List.of(
                    FlightClient.builder(allocator, location), // which trusts those that Java knows
                    FlightClient.builder(allocator, other).trustedCertificates(again), // which is not the name in it
                    FlightClient.builder(allocator, plain))) {
                FlightRuntimeException refused = assertThrows(FlightRuntimeException.class, () -> flights(stranger));
                assertEquals(FlightStatusCode.UNAVAILABLE, refused.status().code());
            }
        }
    }

    @Test
    void otherFilesAreRefused() throws Exception {
        Path old = pem("old.pem", "EC PRIVATE KEY", new byte[40]);
        FormatException refused = assertThrows(FormatException.class, () -> PemFiles.tls(certificate, old));
        assertTrue(String.valueOf(refused.getMessage()).contains("openssl pkcs8 -topk8"), refused.getMessage());
        Path junk = pem("junk.pem", "PRIVATE KEY", new byte[40]);
        assertThrows(FormatException.class, () -> PemFiles.tls(certificate, junk));
        assertThrows(FormatException.class, () -> PemFiles.tls(key, key));
    }
}
