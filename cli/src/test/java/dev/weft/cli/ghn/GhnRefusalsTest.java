package dev.weft.cli.ghn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import dev.weft.cli.Execution;
import dev.weft.datasets.architecture.ArchitectureFile;
import dev.weft.datasets.architecture.ArchitectureSplit;
import dev.weft.datasets.architecture.CellSpace;
import dev.weft.datasets.architecture.NetworkSampling;
import dev.weft.datasets.architecture.SampledNetwork;
import dev.weft.hypernets.ghn.GhnConfig;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.metanets.task.ModelFile;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import dev.weft.network.Seed;
import dev.weft.network.family.CellNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be given to the commands about graph hypernetworks by mistake: each is refused by name, and nothing is written. */
class GhnRefusalsTest {

    private static final Input.Image IMAGE = new Input.Image(3, 300, 300);

    @TempDir
    private static Path folder;

    private static Path ghn2;
    private static Path ghn3;

    @BeforeAll
    static void hypernetworks() throws IOException {
        ghn2 = written("ghn2.safetensors", GhnConfig.ghn2(8, 8, 5, 10));
        ghn3 = written("ghn3.safetensors", GhnConfig.ghn3(8, 8, 5, 10, 1, 2));
    }

    private static Path written(String name, GhnConfig config) throws IOException {
        Path file = folder.resolve(name);
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = new GraphHyperNetwork(config, new Seed(1));
            model.initialize(manager, DataType.FLOAT32);
            ModelFile.write(file, model, ModelFile.values(model));
        }
        return file;
    }

    private static Architecture.Builder chain() {
        return Architecture.builder("test", IMAGE);
    }

    private static Architecture classifier(Architecture.Builder builder, int channels) {
        return builder.add("pool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(channels, 10, true))
                .build();
    }

    private static Architecture convolution(int kernel) {
        return classifier(chain().add("conv", Convolution.square(3, 8, kernel, 1, 0, false)), 8);
    }

    private static void requireRefused(int exitCode, String message, Execution execution) {
        assertEquals(exitCode, execution.exitCode(), execution.err());
        assertTrue(execution.err().contains(message), execution.err());
        assertEquals("", execution.out());
    }

    private static Execution init(Path architecture, Path weights, Path out) {
        return Execution.of(
                "init", "--arch", architecture.toString(), "--weights", weights.toString(), "--out", out.toString());
    }

    private static void requireRefused(Architecture architecture, Path weights, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("net.json"), architecture.toJson());
        Path out = folder.resolve("refused.safetensors");
        requireRefused(2, file + ": " + message, init(file, weights, out));
        assertFalse(Files.exists(out));
    }

    @Test
    void layersOutsideTheVocabularyAreRefusedByName() throws IOException {
        requireRefused(
                classifier(
                        chain().add("conv", Convolution.square(3, 8, 3, 1, 0, false))
                                .add("gn", new Norm.GroupNorm(2, 8, 1e-5, true)),
                        8),
                ghn2,
                "'gn': graph hypernetworks have no operation for GroupNorm[groups=2, size=8");
        requireRefused(
                classifier(
                        chain().add("conv", Convolution.square(3, 8, 3, 1, 0, false))
                                .add("twice", new Junction.Multiply(), "conv", "conv"),
                        8),
                ghn3,
                "'twice': graph hypernetworks have no operation for Multiply[] that is no squeeze-and-excitation");
    }

    @Test
    void networksWithoutParametersAreRefused() throws IOException {
        requireRefused(
                chain().add("relu", new Layer.Relu())
                        .add("pool", new Pooling.GlobalAvgPool())
                        .build(),
                ghn2,
                "the network has no parameters that could be predicted: none of its 2 nodes has any");
    }

    /**
     * <pre>
     * input - conv - pool - fc - relu
     *             \- aside
     * </pre>
     */
    @Test
    void layersThatDoNotLeadToTheOutputAreRefusedByName() throws IOException {
        requireRefused(
                chain().add("conv", Convolution.square(3, 8, 3, 1, 0, false))
                        .add("pool", new Pooling.GlobalAvgPool())
                        .add("fc", new Layer.Linear(8, 10, true))
                        .add("aside", Convolution.square(8, 8, 3, 1, 0, false), "conv")
                        .add("relu", new Layer.Relu(), "fc")
                        .build(),
                ghn2,
                "node 5 'aside' (conv) does not lead to the output");
    }

    @Test
    void shapesBeyondTheRangeAreRefusedByName() throws IOException {
        requireRefused(convolution(11), ghn2, "'conv': a kernel 11 x 11 is beyond this hypernetwork's range of 10");
        requireRefused(convolution(257), ghn3, "'conv': a kernel 257 x 257 is beyond this hypernetwork's range of 256");
        requireRefused(
                Architecture.builder("test", new Input.Signal(3, 64))
                        .add("conv", new Convolution(3, 8, List.of(3), List.of(1), List.of(0), List.of(1), 1, false))
                        .add("pool", new Pooling.GlobalAvgPool())
                        .add("fc", new Layer.Linear(8, 10, true))
                        .build(),
                ghn3,
                "'conv': weights of shape [8, 3, 3] are not decoded, only [out, in] and [out, in, height, width]");
        requireRefused(
                Architecture.builder("test", new Input.Sequence(7, 8))
                        .add("positions", new Embedding.PositionArray(List.of(7, 8)))
                        .add("first", new Reshaping.Position(0))
                        .add("fc", new Layer.Linear(8, 10, true))
                        .build(),
                ghn3,
                "'positions': 7 positions are neither a square nor a class token and a square");
        requireRefused(
                classifier(chain().add("conv", Convolution.square(3, 100_000, 256, 1, 0, false)), 100_000),
                ghn3,
                "the network has 19661800010 parameters; at most 2147483639 are predicted");
        requireRefused(
                chain().add("pool", new Pooling.GlobalAvgPool())
                        .add("fc", new Layer.Linear(3, 11, true))
                        .build(),
                ghn2,
                "'fc': the network has 11 outputs, but the hypernetwork writes layers for 10 classes");
    }

    @Test
    void whatIsNoArchitectureAndNoHypernetworkIsRefused() throws IOException {
        Path good =
                Files.writeString(folder.resolve("good.json"), convolution(3).toJson());
        Path text = Files.writeString(folder.resolve("text"), "neither");
        Path out = folder.resolve("none.safetensors");
        requireRefused(3, text + ": architecture: no JSON", init(text, ghn2, out));
        requireRefused(4, "absent.json: no such file", init(folder.resolve("absent.json"), ghn2, out));
        requireRefused(4, "absent: ", init(good, folder.resolve("absent"), out));
        requireRefused(3, text.toString(), init(good, text, out));
        Path network = folder.resolve("network.safetensors");
        assertEquals(0, init(good, ghn2, network).exitCode());
        requireRefused(
                3,
                network + ": no graph hypernetwork: expected a tensor 'embed.weight', which is not in the file",
                init(good, network, out));
        requireRefused(4, "no run there", init(good, Files.createDirectories(folder.resolve("empty")), out));
        requireRefused(2, network + ": exists already; --force replaces it", init(good, ghn2, network));
        assertFalse(Files.exists(out));
    }

    @Test
    void aHypernetworkWithoutFiniteValuesIsRefused() throws IOException {
        Path broken = folder.resolve("broken.safetensors");
        try (NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = new GraphHyperNetwork(GhnConfig.ghn2(8, 8, 5, 10), new Seed(1));
            model.initialize(manager, DataType.FLOAT32);
            Map<String, float[]> values = ModelFile.values(model);
            values.getOrDefault("ln.bias", new float[0])[3] = Float.NaN;
            ModelFile.write(broken, model, values);
        }
        Path good = Files.writeString(folder.resolve("net.json"), convolution(3).toJson());
        requireRefused(
                3,
                broken + ": tensor 'ln.bias': expected finite values, found NaN at 3",
                init(good, broken, folder.resolve("none.safetensors")));
    }

    private static Path drawn(String name, UnaryOperator<CellNetwork.Config> change) throws IOException {
        List<SampledNetwork> networks = new ArrayList<>(new NetworkSampling(CellSpace.MICRO, new Seed(3))
                .draw(Map.of(ArchitectureSplit.TRAIN, 3, ArchitectureSplit.VAL, 1), count -> {}));
        SampledNetwork last = networks.remove(2);
        networks.add(new SampledNetwork(
                last.id(),
                last.split(),
                change.apply(last.config()),
                last.widths(),
                last.hash(),
                last.nodes(),
                last.parameters()));
        Path file = folder.resolve(name);
        new ArchitectureFile("micro", 3, networks).write(file);
        return file;
    }

    private static CellNetwork.Config with(
            CellNetwork.Config from, Input.Image input, int cells, int multiplier, int kernel, int classes) {
        return new CellNetwork.Config(
                input,
                from.genotype(),
                cells,
                from.channels(),
                multiplier,
                from.stem(),
                kernel,
                from.stemPool(),
                from.norm(),
                from.projected(),
                from.globalAverage(),
                from.hidden(),
                classes);
    }

    private static void requireNotTrainedOn(int exitCode, Path file, String message) {
        Path run = folder.resolve("run");
        requireRefused(
                exitCode,
                message,
                Execution.of("train", file.toString(), "--task", "ghn", "--out", run.toString(), "--no-progress"));
        assertFalse(Files.exists(run));
    }

    @Test
    void architecturesThatCannotBeTrainedOnAreRefusedBeforeTraining() throws IOException {
        Path wide = drawn("wide.arrow", c -> with(c, c.input(), c.cells(), c.multiplier(), 11, 10));
        requireNotTrainedOn(2, wide, wide + ": train-2: 'stem0.0': a kernel 11 x 11 is beyond");
        Path classes = drawn("classes.arrow", c -> with(c, c.input(), c.cells(), c.multiplier(), 3, 7));
        requireNotTrainedOn(2, classes, classes + ": train-2: 'classifier.0': the network has 7 outputs");
        Path large = drawn(
                "large.arrow",
                c -> with(c, new Input.Image(3, 32, 32), c.cells(), c.multiplier(), c.kernel(), c.classes()));
        requireNotTrainedOn(
                3, large, large + ": train-2: expected Image[channels=3, height=16, width=16], which the first");
        Path huge = drawn("huge.arrow", c -> with(c, c.input(), c.cells(), 1 << 28, c.kernel(), c.classes()));
        requireNotTrainedOn(3, huge, huge + ": train-2: ");
    }

    @Test
    void otherFilesAreNoArchitectures() throws IOException {
        Path text = Files.writeString(folder.resolve("text.arrow"), "no Arrow file");
        requireNotTrainedOn(3, text, text + ": expected an Arrow file of architectures");
        requireNotTrainedOn(4, folder.resolve("absent.arrow"), "absent.arrow: no such file");
        requireNotTrainedOn(2, folder, folder + ": expected a file of architectures, found a directory");
    }
}
