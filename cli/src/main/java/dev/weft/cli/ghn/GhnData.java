package dev.weft.cli.ghn;

import dev.weft.checkpoints.Digest;
import dev.weft.checkpoints.Split;
import dev.weft.cli.zoo.ImageOptions;
import dev.weft.datasets.architecture.ArchitectureFile;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.CellSpace;
import dev.weft.datasets.architecture.NetworkImages;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.datasets.image.ImageSource;
import dev.weft.graph.ComputationGraph;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GhnRun;
import dev.weft.metanets.task.StrictJson;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Input;
import dev.weft.network.Seed;
import dev.weft.network.family.CellNetwork;
import dev.weft.network.family.CellOperation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The architectures of a file, and images at their size. */
public final class GhnData {

    private static final double VAL = 1.0 / 6;
    private static final double TEST = 1.0 / 6;
    private static final int MAX_SIZE = 1024;

    private final Path path;
    private final ArchitectureFile file;
    private final Map<Split, NetworkImages> images;
    private final Description description;

    /**
     * What a run notes of its data.
     *
     * @param digest SHA-256 of the file of architectures
     * @param space that they were drawn from
     * @param images name of the images
     * @param imageDigest of their pixels and labels
     * @param size side of the images that the networks read, 0 for that which they were drawn for
     * @param imageSeed of their split
     */
    public record Description(
            String digest, String space, String images, String imageDigest, int size, long imageSeed) {}

    private GhnData(Path path, ArchitectureFile file, Map<Split, NetworkImages> images, Description description) {
        this.path = path;
        this.file = file;
        this.images = images;
        this.description = description;
    }

    /**
     * Opens architectures and images.
     *
     * @param path of the architectures
     * @param images of at most {@link #classes} classes
     * @param size side of the images that the networks read, 0 for that which they were drawn for
     * @param seed of the split of the images
     */
    public static GhnData open(Path path, ImageOptions images, int size, Seed seed) throws IOException {
        ArchitectureFile read = ArchitectureFile.read(path);
        requireOneInput(path, read);
        if (size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException("size: expected 0 to " + MAX_SIZE + " pixels, got " + size);
        }
        ArchitectureFile file = size == 0 ? read : sized(read, size);
        try (ImageSource source = images.open()) {
            if (source.classes().size() > CellSpace.CLASSES) {
                throw new IllegalArgumentException(source.name() + ": expected at most " + CellSpace.CLASSES
                        + " classes, found " + source.classes().size());
            }
            Description description = new Description(
                    Digest.sha256(path),
                    file.space(),
                    source.name(),
                    source.card().digest(),
                    size,
                    seed.value());
            Input.Image input = file.networks().get(0).config().input();
            return new GhnData(path, file, NetworkImages.of(source, input, VAL, TEST, seed), description);
        }
    }

    private static ArchitectureFile sized(ArchitectureFile file, int size) {
        return new ArchitectureFile(
                file.space(),
                file.seed(),
                file.networks().stream().map(network -> network.withSize(size)).toList());
    }

    private static void requireOneInput(Path path, ArchitectureFile file) throws IOException {
        if (file.networks().isEmpty()) {
            throw new IllegalArgumentException(path + ": expected architectures, found none");
        }
        Input.Image input = file.networks().get(0).config().input();
        for (SampledNetwork network : file.networks()) {
            if (!network.config().input().equals(input)) {
                throw new FormatException.Corrupt(
                        path + ": " + network.id(),
                        "expected " + input + ", which the first network reads, found "
                                + network.config().input());
            }
        }
    }

    /**
     * Checks that a hypernetwork can write all networks. Of those with the same operations, the same stem and the same head it
     * tries one: their kernels and classes are the same.
     *
     * @throws FormatException if there is a network that cannot be built
     * @throws IllegalArgumentException if one is out of the hypernetwork's range; network and layer are named
     */
    void requireWithinRange(GhnConfig config) throws IOException {
        Set<List<Object>> seen = new HashSet<>();
        for (SampledNetwork network : file.networks()) {
            CellNetwork.Config form = network.config();
            Set<CellOperation> operations = form.genotype().operations().collect(Collectors.toSet());
            if (seen.add(List.of(operations, form.stem(), form.kernel(), form.classes(), form.hidden()))) {
                try {
                    config.requireWithinRange(graph(network), true);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(path + ": " + network.id() + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private ComputationGraph graph(SampledNetwork network) throws IOException {
        try {
            return ComputationGraph.of(network.architecture());
        } catch (IllegalArgumentException e) {
            throw new FormatException.Corrupt(path + ": " + network.id(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Opens the data of a run; file and images have to be those that it was begun with. */
    static GhnData of(GhnRun run, Path path, ImageOptions images) throws IOException {
        Description noted =
                StrictJson.bind(run.folder() + ": data", run.config().data(), Description.class);
        GhnData data = open(path, images, noted.size, new Seed(noted.imageSeed));
        data.requireOf(run);
        return data;
    }

    /**
     * Checks that a run was begun with this data.
     *
     * @throws IllegalArgumentException if not
     */
    public void requireOf(GhnRun run) throws IOException {
        Description noted =
                StrictJson.bind(run.folder() + ": data", run.config().data(), Description.class);
        if (!noted.equals(description)) {
            throw new IllegalArgumentException(
                    run.folder() + " was begun with other data: " + noted + ", but " + path + " is " + description);
        }
    }

    public Description description() {
        return description;
    }

    /** Returns how many classes the images may have. */
    public int classes() {
        return CellSpace.CLASSES;
    }

    /** Returns the images of all splits. */
    public Map<Split, NetworkImages> images() {
        return images;
    }

    public NetworkImages images(Split split) {
        return Objects.requireNonNull(images.get(split), split.text());
    }

    public List<SampledNetwork> networks(ArchitectureSplit split) {
        return file.of(split);
    }

    /** Returns what draws a network to train on, at one of its widths. */
    Function<Seed, Architecture> draws() {
        List<SampledNetwork> training = networks(ArchitectureSplit.TRAIN);
        if (training.isEmpty()) {
            throw new IllegalArgumentException("expected architectures to train on, found none");
        }
        return seed -> training.get(seed.split("which").random().nextInt(training.size()))
                .architecture(seed.split("width"));
    }
}
