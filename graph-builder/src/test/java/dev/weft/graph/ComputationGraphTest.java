package dev.weft.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.graph.ComputationGraph.Edge;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Norm;
import dev.weft.network.Pooling;
import dev.weft.network.family.CellNetwork;
import dev.weft.network.family.CellNetwork.Stem;
import dev.weft.network.family.CellOperation;
import dev.weft.network.family.Families;
import dev.weft.network.family.Genotype;
import dev.weft.network.family.ResNet;
import dev.weft.network.family.SqueezeExcitation;
import dev.weft.network.family.VisionTransformer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jgrapht.alg.shortestpath.BFSShortestPath;
import org.jgrapht.graph.DefaultEdge;
import org.junit.jupiter.api.Test;

class ComputationGraphTest {

    private static final Input.Image SMALL = new Input.Image(3, 16, 16);
    private static final Input.Image CIFAR = new Input.Image(3, 32, 32);

    private static Genotype.Cell oneStep(CellOperation first, CellOperation second) {
        return new Genotype.Cell(List.of(new Genotype.Edge(first, 0), new Genotype.Edge(second, 1)), List.of(2));
    }

    private static Map<Operation, Long> counts(ComputationGraph graph) {
        return graph.nodes().stream()
                .collect(Collectors.groupingBy(
                        ComputationNode::operation, () -> new EnumMap<>(Operation.class), Collectors.counting()));
    }

    private static String line(ComputationGraph graph) {
        return graph.nodes().stream()
                .map(node -> node.operation().label()
                        + graph.graph().incomingEdgesOf(node).stream()
                                .map(edge -> graph.graph().getEdgeSource(edge).index())
                                .sorted()
                                .toList())
                .collect(Collectors.joining(" "));
    }

    /**
     * <pre>
     * input - conv - bn - conv - bias - sum - glob_avg - conv - bias
     *                  \_______________/
     * </pre>
     */
    @Test
    void activationsAreNoNodesAndABiasFollowsItsWeight() {
        ComputationGraph graph = ComputationGraph.of(residual(new Norm.BatchNorm(4, 1e-5, true, true)));
        assertEquals("input[] conv[0] bn[1] conv[2] bias[3] sum[2, 4] glob_avg[5] conv[6] bias[7]", line(graph));
        assertEquals(List.of(4, 3, 3, 3), graph.nodes().get(1).shape());
        assertEquals(
                List.of("bn.weight", "bn.bias"),
                graph.nodes().get(2).tensors().stream()
                        .map(tensor -> tensor.name())
                        .toList());
        assertEquals("fc", graph.classWeight().orElseThrow().name());
    }

    private static Architecture residual(Layer norm) {
        return Architecture.builder("test", SMALL)
                .add("first", Convolution.square(3, 4, 3, 1, 1, false))
                .add("bn", norm)
                .add("relu", new Layer.Relu())
                .add("second", Convolution.square(4, 4, 3, 1, 1, true))
                .add("add", new Junction.Add(), "relu", "second")
                .add("pool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(4, 10, true))
                .build();
    }

    @Test
    void distancesAreThoseOfJGraphT() {
        ComputationGraph graph =
                ComputationGraph.of(Families.named("resnet18").small().get());
        BFSShortestPath<ComputationNode, DefaultEdge> paths = new BFSShortestPath<>(graph.graph());
        for (ComputationNode from : graph.nodes()) {
            for (ComputationNode to : graph.nodes()) {
                var path = paths.getPath(from, to);
                assertEquals(
                        path == null ? 0 : path.getLength(),
                        graph.distance(from.index(), to.index()),
                        from.name() + " to " + to.name());
            }
        }
    }

    @Test
    void distancesAreShortestPaths() {
        ComputationGraph graph = ComputationGraph.of(residual(new Norm.BatchNorm(4, 1e-5, true, true)));
        assertEquals(1, graph.distance(2, 5)); // the shortcut
        assertEquals(4, graph.distance(0, 6)); // not 6, past the second convolution
        assertEquals(0, graph.distance(5, 2));
        assertEquals(0, graph.distance(3, 3));
        assertEquals(6, graph.distance(0, 8));
    }

    @Test
    void normsWithoutGainAndTheMeanOfSqueezeAndExcitationAreNoNodes() {
        ComputationGraph plain = ComputationGraph.of(residual(new Norm.BatchNorm(4, 1e-5, false, true)));
        assertEquals("input[] conv[0] conv[1] bias[2] sum[1, 3] glob_avg[4] conv[5] bias[6]", line(plain));
        Architecture.Builder builder =
                Architecture.builder("test", SMALL).add("conv", Convolution.square(3, 4, 3, 1, 1, false));
        SqueezeExcitation.add(builder, "se", 4, 2, new Layer.Sigmoid());
        Architecture gated = builder.add("pool", new Pooling.GlobalAvgPool())
                .add("fc", new Layer.Linear(4, 10, true))
                .build();
        assertEquals(
                "input[] conv[0] conv[1] bias[2] conv[3] bias[4] cse[1, 5] glob_avg[6] conv[7] bias[8]",
                line(ComputationGraph.of(gated)));
    }

    /** The count published for DeepNets-1M's predefined ResNet-50. */
    @Test
    void resNet50ForSmallImagesHas126Nodes() {
        ComputationGraph graph =
                ComputationGraph.of(ResNet.of(new ResNet.Config(CIFAR, true, List.of(3, 4, 6, 3), 64, false, 10)));
        assertEquals(126, graph.nodes().size());
        assertEquals(
                Map.of(
                        Operation.CONV, 54L,
                        Operation.BN, 53L,
                        Operation.SUM, 16L,
                        Operation.INPUT, 1L,
                        Operation.GLOB_AVG, 1L,
                        Operation.BIAS, 1L),
                counts(graph));
    }

    /** The counts published for DeepNets-1M's predefined vision transformer. */
    @Test
    void twelveCellsOfAttentionHave129Nodes() {
        Genotype genotype = new Genotype(
                oneStep(CellOperation.NONE, CellOperation.MSA),
                oneStep(CellOperation.NONE, CellOperation.AVG_POOL_3X3));
        Architecture transformer = CellNetwork.of(new CellNetwork.Config(
                CIFAR, genotype, 12, 128, 1, Stem.SIMPLE, 3, false, true, false, true, List.of(), 10));
        ComputationGraph graph = ComputationGraph.of(transformer);
        assertEquals(1_012_234, transformer.parameterCount());
        assertEquals(129, graph.nodes().size());
        assertEquals(
                Map.of(
                        Operation.CONV, 42L,
                        Operation.BIAS, 31L,
                        Operation.SUM, 21L,
                        Operation.LN, 20L,
                        Operation.MSA, 10L,
                        Operation.AVG_POOL, 2L,
                        Operation.INPUT, 1L,
                        Operation.POS_ENC, 1L,
                        Operation.GLOB_AVG, 1L),
                counts(graph));
    }

    static Architecture cells28() {
        Genotype genotype = new Genotype(
                oneStep(CellOperation.CSE, CellOperation.CONV_3X3),
                oneStep(CellOperation.SKIP_CONNECT, CellOperation.MAX_POOL_3X3));
        return CellNetwork.of(new CellNetwork.Config(
                SMALL, genotype, 2, 8, 2, Stem.SIMPLE, 3, false, true, true, true, List.of(), 10));
    }

    /** Two cells; both tracers of the reference agree on 28 nodes. */
    @Test
    void twoCellsHave28Nodes() {
        Architecture cells = cells28();
        assertEquals(
                "input[] conv[0] bn[1] conv[2] bn[3] conv[2] bn[5] conv[4] bias[7] conv[8] bias[9] cse[4, 10]"
                        + " conv[6] bn[12] sum[11, 13] conv[2] bn[15] conv[14] bn[17] conv[16] conv[16] concat[19, 20]"
                        + " bn[21] max_pool[18] sum[22, 23] glob_avg[24] conv[25] bias[26]",
                line(ComputationGraph.of(cells)));
        assertEquals(
                List.of("stem.0.weight", "stem.1.weight", "stem.1.bias", "cells.0.preprocess0.op.1.weight"),
                cells.parameters().stream()
                        .limit(4)
                        .map(tensor -> tensor.name())
                        .toList());
    }

    @Test
    void layersOutsideTheVocabularyAreRefusedByName() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> ComputationGraph.of(residual(new Norm.GroupNorm(2, 4, 1e-5, true))));
        assertEquals(
                "'bn': graph hypernetworks have no operation for GroupNorm[groups=2, size=4, epsilon=1.0E-5, affine=true]",
                refused.getMessage());
        for (String family : List.of("gpt2", "llama-1b", "bert-base", "gru-encoder-decoder")) {
            Architecture small = Families.named(family).small().get();
            IllegalArgumentException other =
                    assertThrows(IllegalArgumentException.class, () -> ComputationGraph.of(small));
            assertTrue(other.getMessage().contains("have no operation for"), other.getMessage());
        }
    }

    @Test
    void visionTransformersKeepTheirClassToken() {
        Architecture small = Families.named("vit-b16").small().get();
        ComputationGraph graph = ComputationGraph.of(small);
        assertTrue(graph.nodes().stream()
                .flatMap(node -> node.tensors().stream())
                .noneMatch(tensor -> tensor.name().equals("class_token")));
        ComputationGraph published =
                ComputationGraph.of(VisionTransformer.of(VisionTransformer.base16(VisionTransformer.Naming.TIMM)));
        assertEquals(12L, counts(published).get(Operation.MSA));
        assertEquals(25L, counts(published).get(Operation.LN));
    }

    @Test
    void networksWithoutParametersOrWithDeadBranchesAreRefused() {
        Architecture none = Architecture.builder("test", SMALL)
                .add("pool", new Pooling.GlobalAvgPool())
                .build();
        assertEquals(
                "the network has no parameters that could be predicted: none of its 2 nodes has any",
                assertThrows(IllegalArgumentException.class, () -> ComputationGraph.of(none))
                        .getMessage());
        Architecture dead = Architecture.builder("test", SMALL)
                .add("conv", Convolution.square(3, 4, 3, 1, 1, false))
                .add("unused", Convolution.square(4, 4, 3, 1, 1, false))
                .add("pool", new Pooling.GlobalAvgPool(), "conv")
                .build();
        assertEquals(
                "node 2 'unused' (conv) does not lead to the output",
                assertThrows(IllegalArgumentException.class, () -> ComputationGraph.of(dead))
                        .getMessage());
    }

    @Test
    void givenNodesAreChecked() {
        ComputationNode input = new ComputationNode(0, Operation.INPUT, "input", List.of(), List.of());
        ComputationNode sum = new ComputationNode(1, Operation.SUM, "sum", List.of(), List.of());
        assertThrows(IllegalArgumentException.class, () -> ComputationGraph.of(List.of(input, sum), List.of()));
        IllegalArgumentException backwards = assertThrows(
                IllegalArgumentException.class,
                () -> ComputationGraph.of(List.of(input, sum), List.of(new Edge(1, 0))));
        assertEquals("edge 1 -> 0: expected an earlier and a later one of 2 nodes", backwards.getMessage());
    }
}
