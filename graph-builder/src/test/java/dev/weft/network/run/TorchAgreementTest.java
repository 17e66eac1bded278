package dev.weft.network.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.weft.network.Architecture;
import dev.weft.network.Attention;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Pooling;
import dev.weft.network.Recurrence;
import dev.weft.network.Reshaping;
import dev.weft.network.Seed;
import dev.weft.network.family.Bert;
import dev.weft.network.family.Gpt2;
import dev.weft.network.family.GruEncoderDecoder;
import dev.weft.network.family.Llama;
import dev.weft.network.family.PlainCnn;
import dev.weft.network.family.ResNet;
import dev.weft.network.family.SqueezeExcitation;
import dev.weft.network.family.Vgg;
import dev.weft.network.family.VisionTransformer;
import dev.weft.network.family.VisionTransformer.Naming;
import dev.weft.symmetry.SymmetryVerifier;
import dev.weft.testing.Rows;
import dev.weft.testing.TorchFixture;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What torchvision, timm, transformers and plain PyTorch answer; src/test/python/torch_fixtures.py makes the files. */
class TorchAgreementTest {

    private static final Input.Image IMAGE = new Input.Image(3, 16, 16);
    private static final Input.Image LARGER = new Input.Image(3, 32, 32);
    private static final Input.Tokens TEXT = new Input.Tokens(11, 6);

    private static final Map<String, Architecture> NETWORKS = new LinkedHashMap<>();

    static {
        NETWORKS.put(
                "cnn",
                PlainCnn.of(new PlainCnn.Config(IMAGE, List.of(4, 5), 3, 1, 1, true, new Layer.LeakyRelu(0.1), 3)));
        NETWORKS.put("small-cnn-zoo", PlainCnn.smallCnnZoo(new Input.Image(1, 17, 17), new Layer.Tanh(), 3));
        NETWORKS.put(
                "vgg", Vgg.of(new Vgg.Config(IMAGE, List.of(List.of(4), List.of(5, 5)), true, 2, List.of(6, 7), 3)));
        NETWORKS.put("resnet-basic", ResNet.of(new ResNet.Config(LARGER, false, List.of(2, 1, 1, 1), 2, true, 3)));
        NETWORKS.put("resnet-bottleneck", ResNet.of(new ResNet.Config(LARGER, true, List.of(1, 2, 1, 1), 2, true, 3)));
        NETWORKS.put(
                "vit-torchvision",
                VisionTransformer.of(new VisionTransformer.Config(IMAGE, 8, 12, 2, 3, 10, 3, Naming.TORCHVISION)));
        NETWORKS.put(
                "vit-timm", VisionTransformer.of(new VisionTransformer.Config(IMAGE, 8, 12, 2, 3, 24, 3, Naming.TIMM)));
        NETWORKS.put("gpt2", Gpt2.of(new Gpt2.Config(TEXT, 12, 2, 3, true, true, new Layer.GeluTanh())));
        NETWORKS.put("llama", Llama.of(llama(false)));
        NETWORKS.put("qwen3", Llama.of(llama(true)));
        NETWORKS.put("bert", Bert.of(new Bert.Config(TEXT, 12, 2, 3, 10, 2)));
        NETWORKS.put("gru-encoder-decoder", GruEncoderDecoder.of(new GruEncoderDecoder.Config(7, 3, 2, 4, 5)));
        NETWORKS.put("recurrent", recurrent());
        NETWORKS.put("mixture", mixture());
        NETWORKS.put("signal", signal());
        NETWORKS.put("adapted", adapted());
    }

    private static Llama.Config llama(boolean headNorms) {
        return new Llama.Config(TEXT, 8, 2, 4, 2, 4, 10, 100, 1e-5, false, headNorms, false);
    }

    private static Architecture recurrent() {
        return Architecture.builder("recurrent", new Input.Sequence(4, 3))
                .add("lstm", new Recurrence.Lstm(3, 4, 2, true))
                .add("rnn", new Recurrence.Rnn(4, 5, 1, true, false))
                .add("last", new Reshaping.Position(-1))
                .add("out", new Layer.Linear(5, 2, true))
                .build();
    }

    private static Architecture mixture() {
        Architecture.Builder builder = Architecture.builder("mixture", IMAGE)
                .add("stem", Convolution.square(3, 8, 3, 2, 1, true))
                .add("swish", new Layer.HardSwish())
                .add(
                        "depthwise",
                        new Convolution(8, 8, List.of(3, 3), List.of(1, 1), List.of(2, 2), List.of(2, 2), 8, true))
                .add("multiplied", Convolution.grouped(8, 16, 3, 1, 1, 8, true))
                .add("norm", new Norm.GroupNorm(4, 16, 1e-5, true))
                .add("relu6", new Layer.Relu6())
                .add(
                        "grouped",
                        new Convolution(16, 8, List.of(1, 3), List.of(1, 1), List.of(0, 1), List.of(1, 1), 4, true))
                .add("silu", new Layer.Silu());
        SqueezeExcitation.add(builder, "se", 8, 3, new Layer.Sigmoid());
        return builder.add("max", new Pooling.MaxPool(List.of(3, 3), List.of(2, 2), List.of(1, 1)))
                .add("avg", new Pooling.AvgPool(List.of(2, 2), List.of(2, 2), List.of(0, 0), true), "swish")
                .add("both", new Junction.Concat(), "avg", "max")
                .add("point", Convolution.square(16, 6, 1, 1, 0, true))
                .add("hard", new Layer.HardSigmoid())
                .add("flat", new Reshaping.Flatten())
                .add("fc", new Layer.Linear(96, 4, true))
                .add("softmax", new Layer.Softmax())
                .build();
    }

    private static Architecture adapted() {
        Attention turn = new Attention.Rotation(8, List.of(1.0, 0.3), false);
        return Architecture.builder("adapted", TEXT)
                .add("words", new Embedding.Lookup(11, 8))
                .add("factor", new Layer.Multiplier(2.5))
                .add("norm", new Norm.OffsetRmsNorm(8, 1e-5))
                .add("q", new Layer.Linear(8, 16, true))
                .add("head_norm", new Norm.OffsetRmsNorm(8, 1e-5))
                .add("q_turned", turn)
                .add("k", new Layer.Linear(8, 16, true), "norm")
                .add("k_turned", turn)
                .add("v", new Layer.Linear(8, 16, true), "norm")
                .add("heads", new Attention.Heads(2, 2, true), "q_turned", "k_turned", "v")
                .add("proj", new Layer.Linear(16, 8, true))
                .add("gain", new Layer.Gain(8))
                .add("add", new Junction.Add(), "factor", "gain")
                .add("shift", new Layer.Shift(8))
                .add("tanh", new Layer.Tanh())
                .add("out", new Layer.Linear(8, 3, true))
                .build();
    }

    private static Architecture signal() {
        return Architecture.builder("signal", new Input.Signal(2, 16))
                .add("conv1", new Convolution(2, 6, List.of(5), List.of(2), List.of(2), List.of(1), 1, true))
                .add("bn", new Norm.BatchNorm(6, 1e-5, false, true))
                .add("gelu", new Layer.Gelu())
                .add("conv2", new Convolution(6, 4, List.of(3), List.of(1), List.of(0), List.of(1), 2, true))
                .add("sigmoid", new Layer.Sigmoid())
                .add("pool", new Pooling.MaxPool(List.of(2), List.of(2), List.of(0)))
                .add("mean", new Pooling.GlobalAvgPool())
                .add("norm", new Norm.LayerNorm(4, 1e-5, true, false))
                .add("fc", new Layer.Linear(4, 3, true))
                .build();
    }

    static List<String> names() {
        return List.copyOf(NETWORKS.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void answersAsPyTorchDoes(String name) throws IOException {
        Architecture architecture = NETWORKS.get(name);
        TorchFixture fixture = TorchFixture.read(name);
        assertEquals(
                new TreeSet<>(architecture.parameters().stream()
                        .map(ParameterTensor::name)
                        .toList()),
                fixture.parameters());
        double[] row = fixture.row(architecture);
        try (NDManager manager = NDManager.newBaseManager()) {
            double[] actual = new FunctionalNetwork(architecture)
                    .forward(Rows.array(manager, row).toType(DataType.FLOAT32, false), fixture.inputs(manager))
                    .toType(DataType.FLOAT64, true)
                    .toDoubleArray();
            double difference = Rows.relativeDifference(fixture.outputs(), actual);
            assertTrue(difference < 1e-5, name + ": " + difference);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void trainedNamesComeWithTrueSymmetries(String name) throws IOException {
        Architecture architecture = NETWORKS.get(name);
        double[] row = TorchFixture.read(name).row(architecture);
        SymmetryVerifier.Report report =
                SymmetryVerifier.verify(architecture, row, new Seed(3), SymmetryVerifier.Settings.DEFAULT);
        assertTrue(report.passed(), () -> name + "\n" + report);
    }

    /** A batch of networks gives what each gives alone, on shared inputs and on inputs of their own. */
    @ParameterizedTest
    @MethodSource("names")
    void networksOfABatchDoNotTouchEachOther(String name) throws IOException {
        Architecture architecture = NETWORKS.get(name);
        double[] row = TorchFixture.read(name).row(architecture);
        double[] other = row.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] *= 1 + 0.1 * Math.sin(i);
        }
        FunctionalNetwork network = new FunctionalNetwork(architecture);
        try (NDManager manager = NDManager.newBaseManager()) {
            var inputs = TorchFixture.read(name).inputs(manager).toType(DataType.FLOAT64, false);
            var twice = inputs.expandDims(0).broadcast(new Shape(2).addAll(inputs.getShape()));
            var together = network.forward(Rows.array(manager, row, other), inputs);
            var own = network.forward(Rows.array(manager, row, other), twice);
            for (int i = 0; i < 2; i++) {
                double[] alone = network.forward(Rows.array(manager, i == 0 ? row : other), inputs)
                        .toDoubleArray();
                assertTrue(Rows.relativeDifference(alone, together.get(i).toDoubleArray()) < 1e-12, name);
                assertTrue(Rows.relativeDifference(alone, own.get(i).toDoubleArray()) < 1e-12, name);
            }
        }
    }

    /** Backward passes against a difference quotient along a random direction, in float64. */
    @ParameterizedTest
    @MethodSource("names")
    void gradientsAgreeWithDifferenceQuotients(String name) throws IOException {
        Architecture architecture = NETWORKS.get(name);
        double[] row = TorchFixture.read(name).row(architecture);
        double[] direction = Rows.random(architecture, 1, 1, new Seed(9))[0];
        double step = 1e-6;
        double[] ahead = row.clone();
        double[] behind = row.clone();
        for (int i = 0; i < row.length; i++) {
            ahead[i] += step * direction[i];
            behind[i] -= step * direction[i];
        }
        FunctionalNetwork network = new FunctionalNetwork(architecture);
        try (NDManager manager = NDManager.newBaseManager()) {
            NDArray inputs = TorchFixture.read(name).inputs(manager).toType(DataType.FLOAT64, false);
            NDArray rows = Rows.array(manager, row);
            rows.setRequiresGradient(true);
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(loss(network.forward(rows, inputs)));
            }
            double[] gradient = rows.getGradient().toDoubleArray();
            double expected =
                    (loss(network.forward(Rows.array(manager, ahead), inputs)).getDouble()
                                    - loss(network.forward(Rows.array(manager, behind), inputs))
                                            .getDouble())
                            / (2 * step);
            double actual = 0;
            for (int i = 0; i < row.length; i++) {
                actual += gradient[i] * direction[i];
            }
            assertEquals(expected, actual, 1e-5 * Math.max(1, Math.abs(expected)), name);
        }
    }

    /** A sum that sees every output by itself. */
    private static NDArray loss(NDArray outputs) {
        return outputs.square().add(outputs).sum();
    }
}
