package dev.weft.hypernets.ghn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Parameter;
import dev.weft.graph.ComputationGraph;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Pooling;
import dev.weft.network.family.CellNetwork;
import dev.weft.network.family.CellOperation;
import dev.weft.network.family.Genotype;
import dev.weft.testing.Rows;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One training step, on our own architectures and their graphs, has the reference's losses, and its gradients for predicted
 * parameters and for every tensor of the hypernetwork: 1e-4 of the largest value.
 */
class GhnGradientFixtureTest {

    private static final Input.Image IMAGE = new Input.Image(3, 16, 16);

    @ParameterizedTest
    @CsvSource({
        "ghn2_train_m1, plain_cnn, 0",
        "ghn2_train_m2, cell28 plain_cnn, 0",
        "ghn3_train_m1, plain_cnn, 0",
        "ghn3_train_m2_reg, cell28 plain_cnn, 3e-5",
    })
    void agreesWithTheReference(String name, String networks, double normWeight) throws IOException {
        List<Architecture> architectures = Arrays.stream(networks.split(" "))
                .map(network -> network.equals("cell28") ? cell28() : plainCnn())
                .toList();
        MetaBatch batch = new MetaBatch(
                architectures, architectures.stream().map(ComputationGraph::of).toList());
        try (GhnFixture fixture = GhnFixture.open(name, 5, networks.split(" "));
                NDManager manager = NDManager.newBaseManager()) {
            GraphHyperNetwork model = fixture.model(manager, fixture.config, DataType.FLOAT32);
            model.namedParameters().values().forEach(each -> each.getArray().setRequiresGradient(true));
            NDArray images = fixture.file.array(manager, "input.images");
            int[] labels = Arrays.stream(fixture.file.longs("input.labels"))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            MetaBatch.Losses losses = batch.accumulate(model, images, labels, normWeight);
            assertEquals(
                    fixture.file.doubles("loss")[0],
                    losses.mean() + normWeight * losses.normSum() / architectures.size(),
                    1e-5);
            predicted(fixture, architectures, losses);
            for (Map.Entry<String, Parameter> entry : model.namedParameters().entrySet()) {
                NDArray gradient = entry.getValue().getArray().getGradient();
                compare(
                        fixture,
                        "grad." + entry.getKey(),
                        gradient.toType(DataType.FLOAT64, false).toDoubleArray());
            }
        }
    }

    private static void predicted(GhnFixture fixture, List<Architecture> architectures, MetaBatch.Losses losses)
            throws IOException {
        for (int g = 0; g < architectures.size(); g++) {
            float[] gradient = losses.gradients().get(g);
            for (ParameterTensor tensor : architectures.get(g).parameters()) {
                double[] found = new double[(int) tensor.size()];
                Arrays.setAll(found, i -> gradient[(int) tensor.offset() + i]);
                compare(fixture, "grad_pred." + fixture.prefixes.get(g) + tensor.name(), found);
            }
        }
    }

    private static void compare(GhnFixture fixture, String name, double[] found) throws IOException {
        double[] expected = fixture.file.doubles(name);
        double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
        // the gradient of a head's bias, to which the softmax is blind, is rounding around 0
        double difference = Rows.relativeDifference(expected, found) * largest;
        assertTrue(difference <= 1e-4 * largest + 1e-8, () -> name + " differs by " + difference + " of " + largest);
    }

    private static Architecture plainCnn() {
        return Architecture.builder("plain", IMAGE)
                .add("conv1", Convolution.square(3, 8, 3, 1, 1, false))
                .add("bn1", new Norm.BatchNorm(8, 1e-5, true, false))
                .add("relu1", new Layer.Relu())
                .add("conv2", Convolution.square(8, 20, 3, 2, 1, true))
                .add("relu2", new Layer.Relu())
                .add("pool", new Pooling.MaxPool(List.of(2, 2), List.of(2, 2), List.of(0, 0)))
                .add("conv3", Convolution.square(20, 12, 5, 1, 2, false))
                .add("bn3", new Norm.BatchNorm(12, 1e-5, true, false))
                .add("relu3", new Layer.Relu())
                .add("mean", new Pooling.GlobalAvgPool())
                .add("classifier", new Layer.Linear(12, 10, true))
                .build();
    }

    private static Architecture cell28() {
        Genotype genotype = new Genotype(
                cell(CellOperation.CSE, CellOperation.CONV_3X3),
                cell(CellOperation.SKIP_CONNECT, CellOperation.MAX_POOL_3X3));
        return CellNetwork.of(new CellNetwork.Config(
                IMAGE, genotype, 2, 8, 2, CellNetwork.Stem.SIMPLE, 3, false, true, true, true, List.of(), 10));
    }

    private static Genotype.Cell cell(CellOperation first, CellOperation second) {
        return new Genotype.Cell(List.of(new Genotype.Edge(first, 0), new Genotype.Edge(second, 1)), List.of(2));
    }
}
