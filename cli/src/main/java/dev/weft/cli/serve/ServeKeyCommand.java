package dev.weft.cli.serve;

import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.service.access.ApiKey;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import javax.crypto.KeyGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft serve-key}. */
@Command(
        name = "serve-key",
        description = {
            "Make an API key for weft serve and add its digest to a key file. The key itself is printed and kept nowhere.",
            "A service that runs takes it within seconds. To withdraw a key, delete its line."
        },
        footer = {"", "Example:", "  weft serve-key alice --keys keys.txt --rate 20"})
public final class ServeKeyCommand implements Callable<Integer> {

    private static final int BITS = 256;

    @Parameters(paramLabel = "NAME", description = "Whose key it is, for the log.")
    private String name;

    @Option(names = "--keys", paramLabel = "FILE", required = true, description = "The key file; made if need be.")
    private Path file;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Requests a second that the key may make, 0 for any number (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Mixin
    private final Output output = new Output();

    /** What the command reports. */
    record Made(String name, String key, Path file) {}

    @Override
    public Integer call() throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(String.valueOf(folder), null, "the folder to write to does not exist");
        }
        String secret = secret();
        ApiKey key = ApiKey.of(name, secret, rate);
        if (!Files.exists(file)) {
            Files.createFile(file, owners());
        }
        Files.write(file, List.of(key.line()), StandardOpenOption.APPEND);
        output.print(new Made(name, secret, file), text -> text.println(secret));
        return ExitCode.OK;
    }

    /** Nobody but the owner reads the digests, where the system can say so. */
    private static FileAttribute<?>[] owners() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static String secret() {
        try {
            KeyGenerator generator = KeyGenerator.getInstance("HmacSHA256");
            generator.init(BITS);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(generator.generateKey().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
