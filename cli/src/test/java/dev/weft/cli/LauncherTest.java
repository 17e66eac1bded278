package dev.weft.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the launcher in a tiny copy of the repository, with scripts in the place of Java and Maven. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {

    private static final String JAVA = """
            #!/bin/sh
            case "$1" in
                -XshowSettings*) echo "    java.specification.version = ${FAKE_JAVA:-17}" >&2; exit 0 ;;
            esac
            echo "in $(pwd)"
            echo "omp ${GOMP_SPINCOUNT:-none}"
            for word; do echo "<$word>"; done
            exit 7
            """;

    private static final String MAVEN = """
            #!/bin/sh
            echo "mvn $*" >> calls
            [ -z "${FAKE_FAILURE:-}" ] || { echo "$FAKE_FAILURE"; exit 1; }
            : > cli/target/weft-cli.jar
            """;

    @TempDir
    private Path temporary;

    private Path root;
    private Path bin;

    private record Outcome(int exitCode, String out, String err) {}

    @BeforeEach
    void makeTheTinyRepository() throws IOException {
        root = temporary.toRealPath().resolve("a place with spaces");
        bin = temporary.resolve("bin");
        Files.createDirectories(root.resolve("cli/src/main"));
        Files.createDirectories(bin);
        Files.copy(
                Path.of("../weft"),
                root.resolve("weft"),
                StandardCopyOption.COPY_ATTRIBUTES,
                StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("cli/pom.xml"), "");
        Files.writeString(root.resolve("cli/src/main/Source.java"), "");
        script("java", JAVA);
        script("javac", "#!/bin/sh\n");
        script("mvn", MAVEN);
        age("pom.xml", "cli/pom.xml", "cli/src/main/Source.java", "cli/src/main");
    }

    private void script(String name, String text) throws IOException {
        Path file = Files.writeString(bin.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void age(String... files) throws IOException {
        for (String file : files) {
            Files.setLastModifiedTime(root.resolve(file), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
        }
    }

    private Outcome launch(List<String> environment, Path script, String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin + ":/usr/bin:/bin");
        environment.forEach(each -> builder.environment().put(each.split("=")[0], each.split("=", 2)[1]));
        Path out = temporary.resolve("out");
        Path err = temporary.resolve("err");
        Process process =
                builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the launcher hangs");
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Outcome launch(String... args) throws Exception {
        return launch(List.of(), root.resolve("weft"), args);
    }

    private List<String> builds() throws IOException {
        return Files.readAllLines(root.resolve("calls"));
    }

    @Test
    void theFirstCallBuildsAndTheSecondDoesNot() throws Exception {
        Outcome first = launch("env");
        assertEquals(
                "Building Weft, about 2 minutes the first time (more if Maven has much to download) ...\n",
                first.err());
        Outcome second = launch("env");
        assertEquals("", second.err());
        assertEquals(List.of("mvn -q -B -DskipTests package"), builds());
    }

    @Test
    void argumentsDirectoryAndExitCodePassThrough() throws Exception {
        Outcome run = launch("zoo", "two words", "", "*");
        assertEquals(7, run.exitCode());
        assertEquals(
                "in " + temporary.toRealPath() + "\nomp 20000\n"
                        + "<--add-opens=java.base/java.nio=ALL-UNNAMED>\n<-Xmx2g>\n<-DOPT_OUT_TRACKING=true>\n"
                        + "<-Dai.djl.offline=true>\n<-Djava.awt.headless=true>\n<-jar>\n<" + root
                        + "/cli/target/weft-cli.jar>\n<zoo>\n<two words>\n<>\n<*>\n",
                run.out());
    }

    @Test
    void ownFlagsComeAfterTheDefaults() throws Exception {
        Outcome run = launch(
                List.of("WEFT_JAVA_OPTS=-Xmx9g -Dx=y *", "OMP_WAIT_POLICY=active", "FAKE_JAVA=25"),
                root.resolve("weft"));
        assertTrue(run.out().contains("omp none\n"), run.out());
        assertTrue(
                run.out()
                        .contains(
                                "<-Djava.awt.headless=true>\n<-Xmx9g>\n<-Dx=y>\n<*>\n<--enable-native-access=ALL-UNNAMED>"),
                run.out());
    }

    @Test
    void aSymbolicLinkFindsTheRepository() throws Exception {
        Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("a place with spaces/weft"));
        assertTrue(launch(List.of(), link).out().contains("<" + root + "/cli/target/weft-cli.jar>"));
    }

    @Test
    void aNewerSourceBuildsAgain() throws Exception {
        launch();
        Files.setLastModifiedTime(
                root.resolve("cli/src/main/Source.java"),
                FileTime.from(Instant.now().plusSeconds(60)));
        assertEquals("Building Weft, its sources have changed ...\n", launch().err());
        assertEquals(2, builds().size());
    }

    @Test
    void aFailedBuildShowsItsLogAndIsTriedAgain() throws Exception {
        Outcome failed = launch(List.of("FAKE_FAILURE=[ERROR] no luck"), root.resolve("weft"));
        assertEquals(1, failed.exitCode());
        assertTrue(
                failed.err()
                        .endsWith("[ERROR] no luck\nweft: the build failed; all of its output is in " + root
                                + "/target/weft-build.log\n"),
                failed.err());
        assertEquals(7, launch().exitCode());
    }

    @Test
    void anOldJavaIsNamed() throws Exception {
        Outcome old = launch(List.of("FAKE_JAVA=1.8"), root.resolve("weft"));
        assertEquals(1, old.exitCode());
        assertEquals("weft: Java 17 or newer is needed, " + bin + "/java is version 8\n", old.err());
    }

    @Test
    void aWrongJavaHomeIsNamed() throws Exception {
        Outcome wrong = launch(List.of("JAVA_HOME=/no/jdk"), root.resolve("weft"));
        assertEquals("weft: JAVA_HOME is /no/jdk, which has no bin/java\n", wrong.err());
    }

    @Test
    void missingMavenIsNamed() throws Exception {
        Files.delete(bin.resolve("mvn"));
        for (String tool : List.of("dirname", "readlink", "sed", "find", "head", "mkdir", "tail", "mv")) {
            script(tool, "#!/bin/sh\nPATH=/usr/bin:/bin exec " + tool + " \"$@\"\n");
        }
        Outcome missing = launch(List.of("PATH=" + bin), root.resolve("weft"));
        assertEquals(1, missing.exitCode());
        assertEquals(
                "weft: Maven is needed for the first build; install it (for example apt-get install maven)\n",
                missing.err());
    }
}
