package dev.weft.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.cli.service.PredictionService;
import dev.weft.cli.service.ServiceLimits;
import dev.weft.cli.service.access.ApiKeys;
import dev.weft.cli.service.http.HttpFront;
import dev.weft.cli.service.http.HttpSettings;
import dev.weft.cli.service.model.BatchSettings;
import dev.weft.network.FormatException;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS with a certificate that keytool made. */
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
