package dev.weft.datasets.inr;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.datasets.image.DataCard;
import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.image.JoinedImages;
import dev.weft.datasets.image.NumberedImages;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InrZooTest {

    private static final InrRecipe RECIPE =
            InrRecipe.dws().withHidden(List.of(8)).withSteps(15).withStopPsnr(12);

    @TempDir
    Path folder;

    /** The first images of the digits. */
    private record Few(ImageSource all, int size) implements ImageSource {
        @Override
        public String name() {
            return all.name();
        }

        @Override
        public int channels() {
            return all.channels();
        }

        @Override
        public int height() {
            return all.height();
        }

        @Override
        public int width() {
            return all.width();
        }

        @Override
        public float[] image(int index) throws IOException {
            return all.image(index);
        }

        @Override
        public int label(int index) {
            return all.label(index);
        }

        @Override
        public String reference(int index) {
            return all.reference(index);
        }

        @Override
        public List<String> classes() {
            return all.classes();
        }

        @Override
        public DataCard card() {
            return all.card();
        }
    }

    private static InrZoo zoo(InrInit init, int views, int rowsPerPart) {
        InrZoo.Settings settings =
                new InrZoo.Settings(RECIPE, init, views, 0.2, 0.3, rowsPerPart, new Seed(7), Map.of("weft", "test"));
        return new InrZoo(new Few(Digits.load(), 20), settings, CpuInrFitter.plain(2));
    }

    private static Map<String, String> bytes(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(folder.relativize(file).toString(), Arrays.toString(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    @Test
    void shuffledStartsGiveTheFunctionsOfASharedStartAndOtherRows() throws IOException {
        InrZoo shared = zoo(InrInit.SHARED, 1, 64);
        InrZoo shuffled = zoo(InrInit.SHUFFLED, 1, 64);
        shared.write(ZooWriter.create(folder.resolve("shared"), shared.header()), progress -> {});
        shuffled.write(ZooWriter.create(folder.resolve("shuffled"), shuffled.header()), progress -> {});
        try (Zoo plain = Zoo.open(folder.resolve("shared"));
                Zoo mixed = Zoo.open(folder.resolve("shuffled"));
                NDManager manager = NDManager.newBaseManager()) {
            int[] rows = IntStream.range(0, plain.size()).toArray();
            InrRenderer renderer = new InrRenderer(RECIPE, 1);
            float[] expected =
                    renderer.render(plain.parameters(manager, rows), 8, 8).toFloatArray();
            float[] found =
                    renderer.render(mixed.parameters(manager, rows), 8, 8).toFloatArray();
            assertArrayEquals(expected, found, 1e-4f);
            assertFalse(Arrays.equals(plain.parameters(0), mixed.parameters(0)));
            assertEquals("shuffled", mixed.header().provenance().get("init"));
        }
    }

    @Test
    void rowsCarryEverythingAboutTheirImage() throws IOException {
        InrZoo job = zoo(InrInit.RANDOM, 2, 16);
        List<InrZoo.Progress> progress = new ArrayList<>();
        job.write(ZooWriter.create(folder.resolve("zoo"), job.header()), progress::add);
        try (Zoo zoo = Zoo.open(folder.resolve("zoo"))) {
            assertEquals(40, zoo.size());
            assertEquals(
                    "digits-000003-v1 digits-000003 digits/3", zoo.id(7) + " " + zoo.runId(7) + " " + zoo.source(7));
            assertEquals(Digits.load().label(3), zoo.label(7));
            assertEquals(zoo.metric("steps", 7), zoo.step(7));
            assertTrue(zoo.metric("psnr", 7) > 5 && zoo.metric("psnr", 7) < 20);
            float[] again = CpuInrFitter.plain(1)
                    .fit(new InrFitter.Problem(
                            RECIPE, 8, 8, 1, List.of(Digits.load().image(3)), List.of(new Seed(zoo.seed(7)))))
                    .get(0)
                    .parameters();
            assertArrayEquals(again, zoo.parameters(7));
            assertEquals(
                    "random 7 2 sha256",
                    String.join(
                            " ",
                            zoo.header().provenance().get("init"),
                            zoo.header().provenance().get("seed"),
                            zoo.header().provenance().get("views"),
                            zoo.header().provenance().get("source.digest").substring(0, 6)));
        }
        InrZoo.Progress last = progress.get(progress.size() - 1);
        assertEquals("40 of 40, 40", last.done() + " of " + last.total() + ", " + last.fitted());
        assertTrue(last.meanPsnr() > 5);
    }

    @Test
    void splitsNeverSeparateViewsOfAnImage() throws IOException {
        InrZoo job = zoo(InrInit.RANDOM, 3, 64);
        job.write(ZooWriter.create(folder.resolve("zoo"), job.header()), progress -> {});
        try (Zoo zoo = Zoo.open(folder.resolve("zoo"))) {
            for (int row = 0; row < zoo.size(); row++) {
                assertEquals(zoo.split(row - row % 3), zoo.split(row));
            }
            assertEquals(12, zoo.rows(Split.VAL).length);
            assertEquals(18, zoo.rows(Split.TEST).length);
            assertTrue(!Arrays.equals(zoo.parameters(0), zoo.parameters(1)), "views start apart");
        }
    }

    @Test
    void rowsDoNotDependOnTheParts() throws IOException {
        InrZoo large = zoo(InrInit.RANDOM, 2, 64);
        InrZoo small = zoo(InrInit.RANDOM, 2, 3);
        large.write(ZooWriter.create(folder.resolve("large"), large.header()), progress -> {});
        small.write(ZooWriter.create(folder.resolve("small"), small.header()), progress -> {});
        try (Zoo one = Zoo.open(folder.resolve("large"));
                Zoo many = Zoo.open(folder.resolve("small"))) {
            for (int row = 0; row < one.size(); row++) {
                assertEquals(one.id(row), many.id(row));
                assertArrayEquals(one.parameters(row), many.parameters(row));
            }
        }
    }

    @Test
    void stoppedJobEndsWithTheSameBytes() throws IOException {
        InrZoo job = zoo(InrInit.RANDOM, 1, 4);
        job.write(ZooWriter.create(folder.resolve("whole"), job.header()), progress -> {});
        for (int stopAt : new int[] {4, 8, 16, 20}) {
            Path zoo = folder.resolve("stopped" + stopAt);
            assertThrows(
                    IllegalStateException.class,
                    () -> job.write(ZooWriter.create(zoo, job.header()), progress -> {
                        if (progress.done() == stopAt) {
                            throw new IllegalStateException("killed");
                        }
                    }));
            List<InrZoo.Progress> progress = new ArrayList<>();
            job.write(ZooWriter.resume(zoo, job.header()), progress::add);
            assertEquals(bytes(folder.resolve("whole")), bytes(zoo));
            assertEquals(20 - stopAt + 4, progress.get(progress.size() - 1).fitted(), "only missing parts are fitted");
            assertEquals(20, progress.get(progress.size() - 1).done());
        }
    }

    @Test
    void interruptedJobSaysThatItCanBeResumed() throws IOException {
        InrZoo job = zoo(InrInit.RANDOM, 1, 4);
        ZooWriter writer = ZooWriter.create(folder.resolve("zoo"), job.header());
        String message = assertThrows(
                        InterruptedIOException.class,
                        () -> job.write(writer, progress -> {
                            if (progress.done() == 8) {
                                Thread.currentThread().interrupt();
                            }
                        }))
                .getMessage();
        assertTrue(Thread.interrupted(), "the flag stays for the caller");
        assertTrue(message.contains("after 8 of 20 networks; resume"), message);
        assertTrue(writer.isWritten(0) && !writer.isWritten(3));
    }

    @Test
    void otherSettingsDoNotResume() throws IOException {
        InrZoo job = zoo(InrInit.RANDOM, 1, 4);
        ZooWriter.create(folder.resolve("zoo"), job.header());
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> ZooWriter.resume(
                                folder.resolve("zoo"), zoo(InrInit.SHARED, 1, 4).header()))
                .getMessage();
        assertTrue(message.contains("provenance 'init' was random and is now shared"), message);
    }

    @Test
    void sharedStartIsOneStartAndTakesOneView() {
        Seed seed = new Seed(3);
        assertEquals(InrInit.SHARED.seed(seed, 0, 0), InrInit.SHARED.seed(seed, 5, 0));
        assertTrue(!InrInit.RANDOM.seed(seed, 0, 0).equals(InrInit.RANDOM.seed(seed, 5, 0)));
        assertTrue(!InrInit.RANDOM.seed(seed, 0, 0).equals(InrInit.RANDOM.seed(seed, 0, 1)));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> zoo(InrInit.SHARED, 2, 4))
                .getMessage()
                .contains("would be the same network"));
    }

    @Test
    void imagesSetAsideForTestingAreTheTestSplit() throws IOException {
        ImageSource joined = new JoinedImages(
                new NumberedImages("set-train", 3, 2, 1, 1, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0),
                new NumberedImages("set-test", 3, 2, 1, 1, 2, 2));
        InrZoo job = new InrZoo(joined, settings(0.2, 0), CpuInrFitter.plain(1));
        job.write(ZooWriter.create(folder.resolve("zoo"), job.header()), progress -> {});
        try (Zoo zoo = Zoo.open(folder.resolve("zoo"))) {
            assertArrayEquals(new int[] {10, 11}, zoo.rows(Split.TEST));
            assertEquals(2, zoo.rows(Split.VAL).length);
            assertEquals("set-000011-v0 set-test/1", zoo.id(11) + " " + zoo.source(11));
            assertEquals("given", zoo.header().provenance().get("split.test"));
        }
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> new InrZoo(joined, settings(0.2, 0.1), CpuInrFitter.plain(1)))
                .getMessage();
        assertEquals("the share for testing must be 0, since set has images for testing of its own; got 0.1", message);
    }

    private static InrZoo.Settings settings(double val, double test) {
        return new InrZoo.Settings(RECIPE, InrInit.RANDOM, 1, val, test, 100, new Seed(7), Map.of());
    }

    /** Takes no time, and remembers how many images were decoded and not yet fitted. */
    private static final class Unfitted implements InrFitter {
        private final List<Integer> decoded;
        private int fitted;
        private int most;

        Unfitted(List<Integer> decoded) {
            this.decoded = decoded;
        }

        @Override
        public List<Fit> fit(Problem problem) {
            most = Math.max(most, decoded.size() - fitted);
            fitted += problem.images().size();
            float[] row = new float[(int) RECIPE.architecture(1).parameterCount()];
            return problem.images().stream().map(image -> new Fit(row, 30, 1)).toList();
        }

        @Override
        public String name() {
            return "none";
        }
    }

    /** Of 300 images at most one chunk is decoded and not yet fitted, and each is decoded once, in order. */
    @Test
    void imagesAreDecodedAsTheyAreNeeded() throws IOException {
        List<Integer> decoded = new ArrayList<>();
        ImageSource images = watched(new NumberedImages("many", 3, 2, 1, 1, new int[300]), decoded);
        Unfitted fast = new Unfitted(decoded);
        InrZoo job = new InrZoo(images, settings(0.1, 0.1), fast);
        job.write(ZooWriter.create(folder.resolve("zoo"), job.header()), progress -> {});
        assertEquals(IntStream.range(0, 300).boxed().toList(), decoded);
        assertEquals(300, fast.fitted);
        assertTrue(fast.most <= 64, fast.most + " images were decoded and not fitted at once");
    }

    @Test
    void aZooDoesNotDependOnTheNumberOfWorkers() throws IOException {
        List<IntFunction<InrFitter>> fitters = new ArrayList<>(List.of(CpuInrFitter::plain));
        if (CpuInrFitter.hasVectors()) {
            fitters.add(CpuInrFitter::vector);
        }
        for (IntFunction<InrFitter> fitter : fitters) {
            Map<String, String> one = withWorkers(fitter, 1);
            assertEquals(one, withWorkers(fitter, 2));
            assertEquals(one, withWorkers(fitter, 5));
        }
    }

    private Map<String, String> withWorkers(IntFunction<InrFitter> fitter, int workers) throws IOException {
        InrZoo job = new InrZoo(new Few(Digits.load(), 70), settings(0.1, 0.1), fitter.apply(workers));
        Path zoo = Files.createTempDirectory(folder, "workers");
        job.write(ZooWriter.create(zoo, job.header()), progress -> {});
        return bytes(zoo);
    }

    /** Returns the same source, which notes the images that it is asked for. */
    private static ImageSource watched(ImageSource source, List<Integer> asked) {
        return (ImageSource) Proxy.newProxyInstance(
                InrZooTest.class.getClassLoader(), new Class<?>[] {ImageSource.class}, (proxy, method, args) -> {
                    if (method.getName().equals("image")) {
                        asked.add((Integer) args[0]);
                    }
                    return method.invoke(source, args);
                });
    }

    /** What a zoo says of a network is what the network shows, whatever the size of the images. */
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "1, 1, 3", "1, 7, 1", "7, 1, 3", "5, 3, 1", "3, 5, 3", "13, 11, 3", "17, 17, 1"})
    void imagesOfAllSizesAreFitted(int height, int width, int channels) throws IOException {
        for (int slope : new int[] {0, 37}) {
            ImageSource images = new NumberedImages("odd", height, width, channels, slope, 0, 1, 2, 0, 1);
            InrZoo job = new InrZoo(images, settings(0.2, 0.2), InrFitter.standard());
            Path zooFolder = folder.resolve("zoo" + slope);
            job.write(ZooWriter.create(zooFolder, job.header()), progress -> {});
            try (Zoo zoo = Zoo.open(zooFolder);
                    NDManager manager = NDManager.newBaseManager()) {
                assertEquals(channels, zoo.header().architecture().outputSize());
                int[] rows = IntStream.range(0, zoo.size()).toArray();
                float[] shown = new InrRenderer(RECIPE, channels)
                        .render(zoo.parameters(manager, rows), height, width)
                        .toFloatArray();
                for (int row : rows) {
                    assertEquals(psnr(images.image(row), shown, row), zoo.metric("psnr", row), 0.01, "row " + row);
                }
            }
        }
    }

    private static double psnr(float[] image, float[] shown, int row) {
        double error = 0;
        for (int p = 0; p < image.length; p++) {
            double difference = image[p] - shown[row * image.length + p];
            error += difference * difference / image.length;
        }
        return PixelRange.UNIT.psnr(error);
    }
}
