package dev.weft.datasets.inr;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Splits;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooRow;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.datasets.image.DataCard;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.inr.InrFitter.Fit;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * The job that fits a network to every image and writes them as a zoo. Row i is view {@code i % views} of image
 * {@code i / views}; a run is an image, so no split has two views of one image on both sides.
 *
 * <p>Every row depends on the settings and its number alone. A job that was stopped at any moment goes on with the first
 * part that is not written, and ends with the same bytes. In memory are the rows of one part, {@value #CHUNK} images, and
 * the split of each image.
 */
public final class InrZoo {

    /** Columns of a row besides its parameters. */
    public static final String METRIC_PSNR = "psnr";

    public static final String METRIC_STEPS = "steps";

    /** Networks between two calls of the listener. */
    private static final int CHUNK = 64;

    private final ImageSource source;
    private final Settings settings;
    private final InrFitter fitter;
    private final Split[] splits; // of each image

    /**
     * Everything that decides the zoo's content, besides the images.
     *
     * @param recipe how networks are fitted
     * @param init what they start from
     * @param views networks for each image
     * @param val share of images whose networks are for validation
     * @param test share of images whose networks are for testing; 0 if the source has images for testing of its own, and
     *     then {@code val} is a share of the others
     * @param rowsPerPart what a stopped job loses at most
     * @param seed of starts and splits
     * @param provenance what else the zoo should tell, the release that made it, for example
     */
    public record Settings(
            InrRecipe recipe,
            InrInit init,
            int views,
            double val,
            double test,
            int rowsPerPart,
            Seed seed,
            Map<String, String> provenance) {

        /** Shares of images that networks are validated and tested on. */
        public static final double VAL_DEFAULT = 0.1;

        public static final double TEST_DEFAULT = 0.2;

        public Settings {
            provenance = Map.copyOf(provenance);
            if (views < 1) {
                throw new IllegalArgumentException("expected at least one view of each image, got " + views);
            }
            if (views > 1 && init != InrInit.RANDOM) {
                throw new IllegalArgumentException(
                        "with a shared start all " + views + " views of an image would be the same network; use one");
            }
        }

        /** One network an image, its own start, the default shares. */
        public static Settings of(InrRecipe recipe, Seed seed) {
            return new Settings(
                    recipe,
                    InrInit.RANDOM,
                    1,
                    VAL_DEFAULT,
                    TEST_DEFAULT,
                    ZooHeader.ROWS_PER_PART_DEFAULT,
                    seed,
                    Map.of());
        }
    }

    /**
     * How far a job is.
     *
     * @param done rows that are fitted, those of earlier runs of the job too
     * @param total rows of the zoo
     * @param fitted rows that this run of the job has fitted
     * @param meanPsnr over {@code fitted}, in dB
     */
    public record Progress(int done, int total, int fitted, double meanPsnr) {}

    /** Told after every few networks, in the thread of {@link #write}. */
    @FunctionalInterface
    public interface Listener {
        void fitted(Progress progress);

        /** Told when a part has been written. */
        default void written(ZooHeader.Part part) throws IOException {}
    }

    public InrZoo(ImageSource source, Settings settings, InrFitter fitter) {
        this.source = source;
        this.settings = settings;
        this.fitter = fitter;
        this.splits = splits();
    }

    private Split[] splits() {
        boolean[] testing = new boolean[source.size()];
        boolean isGiven = false;
        for (int image = 0; image < testing.length; image++) {
            testing[image] = source.isForTesting(image);
            isGiven |= testing[image];
        }
        if (isGiven && settings.test != 0) {
            throw new IllegalArgumentException("the share for testing must be 0, since " + source.name()
                    + " has images for testing of its own; got " + settings.test);
        }
        List<String> others = IntStream.range(0, testing.length)
                .filter(image -> !testing[image])
                .mapToObj(this::runId)
                .toList();
        Map<String, Split> drawn = Splits.byRun(others, settings.val, settings.test, settings.seed);
        return IntStream.range(0, testing.length)
                .mapToObj(image -> testing[image] ? Split.TEST : Objects.requireNonNull(drawn.get(runId(image))))
                .toArray(Split[]::new);
    }

    private boolean isTestGiven() {
        return settings.test == 0 && Arrays.asList(splits).contains(Split.TEST);
    }

    /** Returns the header of the zoo, to create or resume its writer with. */
    public ZooHeader header() {
        return new ZooHeader(
                source.name() + "-inrs",
                settings.recipe.architecture(source.channels()),
                List.of(METRIC_PSNR, METRIC_STEPS),
                source.classes(),
                provenance(),
                (long) source.size() * settings.views,
                settings.rowsPerPart);
    }

    private Map<String, String> provenance() {
        Map<String, String> map = new TreeMap<>(settings.provenance);
        settings.recipe.provenance().forEach((key, value) -> map.put("recipe." + key, value));
        DataCard card = source.card();
        map.put("fitter", fitter.name());
        map.put("image.channels", String.valueOf(source.channels()));
        map.put("image.height", String.valueOf(source.height()));
        map.put("image.width", String.valueOf(source.width()));
        map.put("init", settings.init.name().toLowerCase(Locale.ROOT));
        map.put("seed", String.valueOf(settings.seed.value()));
        map.put("source", card.source());
        map.put("source.attribution", card.attribution());
        map.put("source.digest", card.digest());
        map.put("source.licence", card.licence());
        map.put("source.version", card.version());
        map.put("split.test", isTestGiven() ? "given" : String.valueOf(settings.test));
        map.put("split.val", String.valueOf(settings.val));
        map.put("views", String.valueOf(settings.views));
        return map;
    }

    /**
     * Fits and writes all parts that are missing, and finishes the zoo.
     *
     * @param writer made with {@link #header()}
     * @throws InterruptedIOException if the thread is interrupted; what is written stays, and the job can be resumed
     */
    public void write(ZooWriter writer, Listener listener) throws IOException {
        Tally tally = new Tally(header(), writer, listener);
        try {
            writeParts(writer, tally);
            writer.finish();
        } catch (CancellationException | ClosedByInterruptException e) {
            InterruptedIOException interrupted = new InterruptedIOException("interrupted after " + tally.done + " of "
                    + tally.total + " networks; resume to go on with the part that was begun");
            interrupted.initCause(e);
            throw interrupted;
        }
    }

    private void writeParts(ZooWriter writer, Tally tally) throws IOException {
        ZooHeader header = header();
        int first = 0;
        for (int part = 0; part < writer.parts(); part++) {
            ZooHeader.Part place = header.part(part);
            if (!writer.isWritten(part)) {
                List<ZooRow> rows = part(first, place.rows(), tally);
                try {
                    writer.write(part, rows);
                } finally {
                    if (writer.isWritten(part)) { // an interruption may come behind the renaming
                        tally.listener.written(place);
                    }
                }
            }
            first += place.rows();
        }
    }

    private List<ZooRow> part(int first, int count, Tally tally) throws IOException {
        List<ZooRow> rows = new ArrayList<>(count);
        for (int start = first; start < first + count; start += CHUNK) {
            rows.addAll(tally.count(chunk(start, Math.min(CHUNK, first + count - start))));
        }
        return rows;
    }

    private List<ZooRow> chunk(int first, int count) throws IOException {
        List<float[]> images = new ArrayList<>(count);
        List<Seed> seeds = new ArrayList<>(count);
        for (int row = first; row < first + count; row++) {
            images.add(source.image(row / settings.views));
            seeds.add(settings.init.seed(settings.seed, row / settings.views, row % settings.views));
        }
        List<Fit> fits = fitter.fit(new InrFitter.Problem(
                settings.recipe, source.height(), source.width(), source.channels(), images, seeds));
        List<ZooRow> rows = new ArrayList<>(count);
        for (int k = 0; k < count; k++) {
            rows.add(row(first + k, seeds.get(k), fits.get(k)));
        }
        return rows;
    }

    private ZooRow row(int row, Seed seed, Fit fit) {
        int image = row / settings.views;
        String run = runId(image);
        return new ZooRow(
                run + "-v" + row % settings.views,
                run,
                fit.steps(),
                splits[image],
                source.label(image),
                source.reference(image),
                seed.value(),
                new double[] {fit.psnr(), fit.steps()},
                settings.init.finished(
                        settings.recipe.architecture(source.channels()),
                        fit.parameters(),
                        settings.seed.split("shuffle").split(row)));
    }

    private String runId(int image) {
        return String.format(Locale.ROOT, "%s-%06d", source.name(), image);
    }

    /** Counts rows for the listener. */
    private static final class Tally {
        private final Listener listener;
        private final int total;
        private int done;
        private int fitted;
        private double psnrSum;

        Tally(ZooHeader header, ZooWriter writer, Listener listener) {
            this.listener = listener;
            this.total = header.rows();
            for (int part = 0; part < header.parts(); part++) {
                done += writer.isWritten(part) ? header.part(part).rows() : 0;
            }
        }

        List<ZooRow> count(List<ZooRow> rows) {
            done += rows.size();
            fitted += rows.size();
            psnrSum += rows.stream().mapToDouble(row -> row.metrics()[0]).sum();
            listener.fitted(new Progress(done, total, fitted, psnrSum / fitted));
            return rows;
        }
    }
}
