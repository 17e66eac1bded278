package dev.weft.cli.nowcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.cli.Execution;
import dev.weft.cli.Weft;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code weft nowcast --watch} beside writers and watchers that are killed. */
@Timeout(120)
class WatchTest {

    @TempDir
    private Path folder;

    private Path watched;
    private String weights;

    @BeforeEach
    void writeWeights() throws IOException {
        weights = SmallWnn.weights(folder).toString();
        watched = Files.createDirectory(folder.resolve("watched"));
    }

    private void checkpoints(int from, int to) throws IOException {
        for (int step = from; step <= to; step++) {
            SmallWnn.checkpoint(watched, step);
        }
    }

    private Execution once(Path directory, String... more) {
        List<String> args = new ArrayList<>(List.of("nowcast", "--weights", weights));
        args.addAll(List.of("--watch", directory.toString(), "--once"));
        args.addAll(List.of(more));
        return Execution.of(args.toArray(String[]::new));
    }

    private Path forecast(int step) {
        return watched.resolve(String.format("nowcast-step-%06d.safetensors", step));
    }

    @Test
    void aForecastComesBesideEachFifthCheckpoint() throws IOException {
        checkpoints(1, 5);
        String told = once(watched, "--schedule", "2").out();
        assertTrue(told.startsWith(forecast(5) + ": horizon 40, "), told);
        checkpoints(6, 9);
        assertEquals(new Execution(0, "0 forecasts\n", ""), once(watched, "--schedule", "2"));
        checkpoints(10, 10);
        assertEquals(0, once(watched, "--schedule", "2").exitCode());
        try (TensorFile first = TensorFile.open(forecast(5));
                TensorFile second = TensorFile.open(forecast(10))) {
            assertEquals("40", first.metadata().get("nowcast.horizon"));
            assertEquals("1", second.metadata().get("nowcast.horizon"));
        }
    }

    /** The process that is killed while it writes: all of a checkpoint but the end, then it waits. */
    static final class SlowWriter {
        public static void main(String[] args) throws IOException, InterruptedException {
            byte[] bytes = Files.readAllBytes(Path.of(args[0]));
            try (OutputStream out = Files.newOutputStream(Path.of(args[1]))) {
                out.write(bytes, 0, bytes.length - 1);
                System.out.println("written");
                Thread.sleep(60_000);
                out.write(bytes, bytes.length - 1, 1);
            }
        }
    }

    @Test
    void aKilledWritersCheckpointIsPassedOverUntilItIsWhole() throws Exception {
        checkpoints(1, 4);
        Path whole = SmallWnn.checkpoint(folder, 5);
        Path last = watched.resolve(whole.getFileName());
        Process writer = java(SlowWriter.class, whole.toString(), last.toString());
        assertEquals('w', writer.getInputStream().read());
        assertEquals("0 forecasts\n", once(watched).out());
        writer.destroyForcibly().waitFor();
        assertEquals("0 forecasts\n", once(watched).out());
        Files.copy(whole, last, StandardCopyOption.REPLACE_EXISTING); // the script was started again
        assertTrue(once(watched).out().endsWith("1 forecasts\n"));
    }

    @Test
    void halfACheckpointIsNoCheckpoint() throws IOException {
        checkpoints(1, 5);
        byte[] bytes = Files.readAllBytes(SmallWnn.checkpoint(folder, 5));
        Files.write(watched.resolve("step-000005.safetensors"), Arrays.copyOf(bytes, bytes.length / 2));
        assertEquals(new Execution(0, "0 forecasts\n", ""), once(watched));
        assertFalse(Files.exists(forecast(5)));
    }

    @Test
    void aKilledWatcherLeavesWholeForecastsAndGoesOn() throws Exception {
        Path undisturbed = Files.createDirectory(folder.resolve("undisturbed"));
        for (int kills = 0; kills < 2; kills++) {
            int first = 5 * kills + 1;
            Process watcher =
                    java(Weft.class, "nowcast", "--weights", weights, "--watch", watched.toString(), "--poll", "0.01");
            checkpoints(first, first + 4);
            while (watcher.isAlive() && kills == 0 && !Files.exists(forecast(5))) {
                Thread.sleep(5); // the first is killed just behind its forecast, the second while it starts
            }
            watcher.destroyForcibly().waitFor();
            for (int step = first; step < first + 5; step++) {
                SmallWnn.checkpoint(undisturbed, step);
            }
            once(undisturbed);
            once(watched);
            byte[] expected =
                    Files.readAllBytes(undisturbed.resolve(forecast(first + 4).getFileName()));
            assertSameTensors(expected, Files.readAllBytes(forecast(first + 4)));
        }
    }

    /** The texts name the folder. */
    private void assertSameTensors(byte[] expected, byte[] found) throws IOException {
        Path a = Files.write(folder.resolve("a.safetensors"), expected);
        Path b = Files.write(folder.resolve("b.safetensors"), found);
        try (TensorFile left = TensorFile.open(a);
                TensorFile right = TensorFile.open(b)) {
            for (String name : List.of("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias")) {
                assertArrayEquals(left.floats(name), right.floats(name), name);
            }
        }
    }

    @Test
    void aSignalEndsTheWatchWithTheCodeForInterrupted() throws Exception {
        checkpoints(1, 5);
        Process watcher =
                java(Weft.class, "nowcast", "--weights", weights, "--watch", watched.toString(), "--poll", "0.01");
        while (watcher.isAlive() && !Files.exists(forecast(5))) {
            Thread.sleep(5);
        }
        watcher.destroy();
        assertTrue(watcher.waitFor(30, TimeUnit.SECONDS));
        assertEquals(5, watcher.exitValue());
    }

    @Test
    void refusedStatesEndARunThatIsAskedOnce() throws IOException {
        checkpoints(1, 4);
        new SafetensorsWriter()
                .add("fc1.weight", List.of(2L, 3L), new float[] {Float.NaN, 0, 0, 0, 0, 0})
                .add("fc1.bias", List.of(2L), new float[2])
                .add("fc2.weight", List.of(1L, 2L), new float[2])
                .add("fc2.bias", List.of(1L), new float[1])
                .write(watched.resolve("step-000005.safetensors"));
        Execution execution = once(watched);
        assertEquals(3, execution.exitCode());
        assertTrue(execution.err().contains("found NaN at 0"), execution.err());
        assertFalse(Files.exists(forecast(5)));
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        assertEquals(4, once(folder.resolve("nowhere")).exitCode());
    }

    private static Process java(Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-DOPT_OUT_TRACKING=true",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
