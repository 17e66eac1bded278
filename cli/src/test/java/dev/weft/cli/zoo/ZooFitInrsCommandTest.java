package dev.weft.cli.zoo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooVerifier;
import dev.weft.cli.Execution;
import dev.weft.cli.exit.Interruption;
import dev.weft.datasets.inr.InrFitter;
import dev.weft.network.FormatException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sun.misc.Signal;

/** Fits tiny networks, a few steps each, to ten pictures of 4 x 4 pixels in two classes. */
class ZooFitInrsCommandTest {

    @TempDir
    private Path temporary;

    private Path images;
    private Path zoo;

    @BeforeEach
    void drawTheImages() throws IOException {
        images = temporary.resolve("images");
        zoo = temporary.resolve("zoo");
        for (int i = 0; i < 10; i++) {
            BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
            image.getRaster().setSample(i % 4, i / 4, 0, 255);
            Path file = images.resolve(i % 2 == 0 ? "even" : "odd").resolve(i + ".png");
            Files.createDirectories(file.getParent());
            ImageIO.write(image, "png", file.toFile());
        }
    }

    private Execution fit(String... more) {
        List<String> args = new ArrayList<>(
                List.of("zoo", "fit-inrs", "--png", images.toString(), "--out", zoo.toString(), "--widths", "3"));
        args.addAll(List.of(more));
        if (!args.contains("--steps")) {
            args.addAll(List.of("--steps", "2"));
        }
        return Execution.of(args.toArray(String[]::new));
    }

    @Test
    void everyImageGetsANetwork() throws IOException {
        Execution fit = fit("--json", "--no-progress");
        assertEquals(0, fit.exitCode(), fit.err());
        assertEquals("", fit.err());
        JsonNode report = JsonMapper.builder().build().readTree(fit.out());
        assertEquals("siren 2-3-1", report.get("architecture").textValue());
        assertEquals(10, report.get("fitted").intValue());
        assertTrue(report.get("mean_psnr").isNumber(), fit.out());
        try (Zoo written = Zoo.open(zoo)) {
            assertEquals(10, written.size());
            assertEquals(List.of("even", "odd"), written.header().classes());
            assertEquals("0", written.header().provenance().get("seed"));
        }
    }

    @Test
    void progressGoesToStandardErrorOnly() {
        Execution fit = fit();
        assertEquals(
                "10 networks (siren 2-3-1) in " + zoo + ", by fitter "
                        + InrFitter.standard().name() + "\n",
                fit.out());
        assertTrue(fit.err().matches("Fitting 10/10 networks \\(100 %\\), .*/s, took .* s, mean .* dB\n"), fit.err());
    }

    @Test
    void settingsComeFromTheFileAndFlagsGoOverThem() throws IOException {
        Path config = Files.writeString(
                temporary.resolve("fit.yaml"), "recipe: nfn\nsteps: 900\nviews: 2\nwidths: [7]\ntest: 0.5\n");
        assertEquals(0, fit("--config", config.toString(), "--set", "val=0.3").exitCode());
        try (Zoo written = Zoo.open(zoo)) {
            var provenance = written.header().provenance();
            assertEquals("nfn", provenance.get("recipe.name"));
            assertEquals("2", provenance.get("recipe.steps"));
            assertEquals("2", provenance.get("views"));
            assertEquals("0.3", provenance.get("split.val"));
            assertEquals("0.5", provenance.get("split.test"));
            assertEquals("siren 2-3-1", written.header().architecture().toString());
        }
    }

    @Test
    void limitsTakeTheFirstOfEachClassAndImagesForTestingAreTheTestSplit() throws IOException {
        Execution fit = fit("--limit", "8", "--test-png", images.toString(), "--test-limit", "4", "--no-progress");
        assertEquals(0, fit.exitCode(), fit.err());
        try (Zoo written = Zoo.open(zoo)) {
            assertEquals(12, written.size());
            assertEquals(1, written.rows(Split.VAL).length); // a tenth of 8
            assertArrayEquals(new int[] {8, 9, 10, 11}, written.rows(Split.TEST));
            assertEquals(
                    List.of("even/0.png", "even/2.png", "odd/1.png", "odd/3.png"),
                    IntStream.range(8, 12).mapToObj(written::source).toList());
        }
    }

    @Test
    void limitsThatCannotBeMetAreRefused() {
        Execution many = fit("--limit", "11");
        assertEquals(2, many.exitCode());
        assertTrue(many.err().contains("images: expected a number of images in [1, 10], got 11"), many.err());
        Execution alone = fit("--test-limit", "1");
        assertEquals(2, alone.exitCode());
        assertTrue(alone.err().contains("--test-limit needs --test-images and --test-labels"), alone.err());
        Execution share = fit("--test-png", images.toString(), "--set", "test=0.2");
        assertEquals(2, share.exitCode());
        assertTrue(share.err().contains("the share for testing must be 0"), share.err());
        Execution both = fit("--images", "a", "--labels", "b");
        assertEquals(2, both.exitCode());
        assertTrue(both.err().contains("mutually exclusive"), both.err());
    }

    @Test
    void anotherSeedGivesOtherNetworks() throws IOException {
        fit("--seed", "1");
        byte[] first = bytes(zoo);
        zoo = temporary.resolve("again");
        fit("--seed", "1");
        assertArrayEquals(first, bytes(zoo));
        zoo = temporary.resolve("other");
        fit("--seed", "2");
        assertFalse(Arrays.equals(first, bytes(zoo)));
    }

    @Test
    void aTerminatedJobKeepsItsPartsAndResumesToTheSameBytes() throws Exception {
        String[] slow = {"--steps", "20000", "--psnr", "199", "--set", "rowsPerPart=1", "--no-progress"};
        fit(slow);
        byte[] undisturbed = bytes(zoo);

        zoo = temporary.resolve("stopped");
        Execution stopped;
        try (Interruption late = Interruption.watch()) { // a signal after the job must not end this process
            Thread signal = new Thread(this::terminateAfterTheFirstPart);
            signal.start();
            stopped = fit(slow);
            signal.join();
            assertFalse(late.getAsBoolean(), "the job was over before the signal came");
        }
        assertEquals(5, stopped.exitCode(), stopped.err());
        assertTrue(
                stopped.err()
                        .matches("weft zoo fit-inrs: interrupted; [1-9] of 10 parts are written;"
                                + " to go on, run the same command with --resume\n"),
                stopped.err());

        Execution resumed =
                fit(Stream.concat(Stream.of(slow), Stream.of("--resume")).toArray(String[]::new));
        assertEquals(0, resumed.exitCode(), resumed.err());
        assertArrayEquals(undisturbed, bytes(zoo));
        assertEveryPartIsInTheLog();
    }

    private void assertEveryPartIsInTheLog() throws IOException {
        List<FitLog.Entry> log = FitLog.read(zoo);
        assertEquals(
                IntStream.range(0, (int) parts()).boxed().toList(),
                log.stream().map(FitLog.Entry::part).toList());
        FitLog.Entry last = log.get(log.size() - 1);
        assertTrue(last.seconds() > 0, last.toString());
        assertTrue(last.residentPeak() >= last.residentBefore(), last.toString());
        assertTrue(
                log.get(0).command().startsWith("weft zoo fit-inrs --png "),
                log.get(0).command());
        assertTrue(last.command().contains(" --resume"), last.command());
        assertTrue(ZooVerifier.verify(zoo).ok());
    }

    @Test
    void aLogThatWasCutIsReadToItsLastWholeLineAndADamagedOneIsRefused() throws IOException {
        fit();
        Path log = zoo.resolve(FitLog.FILE);
        String text = Files.readString(log);
        int lines = FitLog.read(zoo).size();
        Files.writeString(log, text + text.substring(0, 20));
        assertEquals(lines, FitLog.read(zoo).size());
        Files.writeString(log, text + "{\"part\":1}\n");
        FormatException damaged = assertThrows(FormatException.class, () -> FitLog.read(zoo));
        assertTrue(damaged.getMessage().contains(FitLog.FILE + ": line " + (lines + 1)), damaged.getMessage());
    }

    private void terminateAfterTheFirstPart() {
        try {
            while (!Files.isDirectory(zoo) || parts() == 0) {
                Thread.sleep(1);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
        Signal.raise(new Signal("TERM"));
    }

    private long parts() throws IOException {
        try (Stream<Path> files =
                Files.find(zoo, 2, (file, is) -> file.toString().endsWith(".arrow"))) {
            return files.count();
        }
    }

    @Test
    void resumingWithOtherSettingsIsRefused() {
        fit();
        Execution other = fit("--resume", "--seed", "3");
        assertEquals(2, other.exitCode());
        assertTrue(other.err().contains("seed"), other.err());
    }

    @Test
    void aFullDirectoryIsNotOverwritten() {
        fit();
        Execution again = fit();
        assertEquals(2, again.exitCode());
        assertTrue(again.err().contains("is not empty"), again.err());
    }

    @Test
    void whatIsWrongWithAnInputDecidesTheCode() throws IOException {
        assertEquals(2, fit("--recipe", "dsw").exitCode());
        assertEquals(2, fit("--images", "x", "--labels", "y").exitCode(), "two sources");
        Files.writeString(images.resolve("odd/1.png"), "no PNG");
        assertEquals(3, fit().exitCode());
        images = images.resolve("odd/1.png");
        Execution file = fit();
        assertEquals(2, file.exitCode());
        assertEquals("weft zoo fit-inrs: " + images + ": expected a directory, found a file\n", file.err());
        images = temporary.resolve("missing");
        assertEquals(4, fit().exitCode());
        assertFalse(Files.exists(zoo));
    }

    /** Returns all bytes of a zoo but those of the log of its fitting, which has times. */
    private static byte[] bytes(Path zoo) throws IOException {
        try (Stream<Path> files = Files.walk(zoo)) {
            var all = new ByteArrayOutputStream();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith(FitLog.FILE))
                    .sorted()
                    .toList()) {
                all.writeBytes(Files.readAllBytes(file));
            }
            return all.toByteArray();
        }
    }
}
