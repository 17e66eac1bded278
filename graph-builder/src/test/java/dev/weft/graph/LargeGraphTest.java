package dev.weft.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Input;
import dev.weft.network.Layer;
import dev.weft.network.NeuronBlock;
import dev.weft.network.Pooling;
import dev.weft.network.family.Families;
import dev.weft.network.family.Llama;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs of convolutional networks and transformers. */
class LargeGraphTest {

    /** Allocations, since wall-clock bounds fail on busy machines; everything that is ever allocated is counted. */
    @Test
    void aBillionParametersTakeLittleMemory() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        ParameterGraph.of(Llama.of(Llama.llama2With7b())); // loads the classes
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        ParameterGraph graph = ParameterGraph.of(Llama.of(Llama.tiny1b()));
        NeuronGraph neurons = NeuronGraph.of(graph);
        long allocated = threads.getThreadAllocatedBytes(thread) - before;
        assertTrue(allocated < 20_000_000, "bytes allocated: " + allocated);
        assertTrue(neurons.edgeCount() > 1_000_000_000L, () -> neurons.toString());
    }

    /** 4 channels, two groups, 3 x 3: each target is fed by two sources with nine weights. */
    @Test
    void groupedConvolutionsJoinNeuronsOfOneGroup() {
        Architecture architecture = Architecture.builder("x", new Input.Image(1, 5, 5))
                .add("a", Convolution.square(1, 4, 1, 1, 0, true))
                .add("b", Convolution.grouped(4, 6, 3, 1, 1, 2, true))
                .add("pool", new Pooling.GlobalAvgPool())
                .add("out", new Layer.Linear(6, 2, true))
                .build();
        ParameterGraph graph = ParameterGraph.of(architecture);
        WeightBlock grouped = graph.weights().get(1);
        assertEquals(2, grouped.fanIn());
        assertEquals(3, grouped.fanOut());
        assertEquals(9, grouped.features());
        assertTrue(grouped.joins(1, 2) && grouped.joins(2, 3));
        assertFalse(grouped.joins(2, 2) || grouped.joins(1, 3));
        assertEquals(grouped.tensor().offset() + (3 * 2 + 1) * 9 + 4, grouped.position(3, 3, 4));
        NeuronGraph neurons = NeuronGraph.of(graph);
        NeuronBlock b = architecture.blockOf("b");
        Set<Integer> sources = new HashSet<>();
        neurons.incomingEdgesOf(neurons.neuron(b, 4)).forEach(edge -> sources.add(neurons.getEdgeSource(edge)));
        NeuronBlock a = architecture.blockOf("a");
        assertEquals(Set.of(neurons.neuron(a, 2), neurons.neuron(a, 3)), sources);
        assertEquals(3, neurons.outDegreeOf(neurons.neuron(a, 3)));
    }

    /** Every position of the row belongs to exactly one weight or neuron. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet50", "vgg16", "vit-b16", "gpt2", "llama-7b", "bert-base", "gru-encoder-decoder"})
    void everyParameterHasAPlace(String family) {
        Architecture architecture = Families.named(family).small().get();
        ParameterGraph graph = ParameterGraph.of(architecture);
        boolean[] seen = new boolean[(int) architecture.parameterCount()];
        for (WeightBlock block : graph.weights()) {
            for (int t = 0; t < block.target().size(); t++) {
                for (int s = block.firstSource(t); s < block.firstSource(t) + block.fanIn(); s++) {
                    for (int f = 0; f < block.features(); f++) {
                        take(seen, block.position(s, t, f));
                    }
                }
            }
        }
        for (NeuronBlock block : graph.blocks()) {
            for (NeuronTensor tensor : graph.neurons(block)) {
                for (int k = 0; k < block.size(); k++) {
                    assertEquals(1, tensor.features());
                    take(seen, tensor.position(k));
                }
            }
        }
        for (int i = 0; i < seen.length; i++) {
            assertTrue(seen[i], "position " + i);
        }
    }

    private static void take(boolean[] seen, long position) {
        assertFalse(seen[(int) position], () -> "position " + position + " twice");
        seen[(int) position] = true;
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet50", "gpt2", "llama-1b", "vit-b16"})
    void picturesOfLargeNetworksHaveALaneForEachBlockAndARowForEachMatrix(String family) {
        Architecture architecture = Families.named(family).published().get();
        ParameterGraph graph = ParameterGraph.of(architecture);
        String svg = LaneSvg.of(graph, family);
        assertEquals(svg, LaneSvg.of(graph, family));
        assertTrue(svg.length() < 500_000, () -> "characters: " + svg.length());
        for (WeightBlock block : graph.weights()) {
            assertTrue(
                    svg.contains(block.tensor().name() + "  " + block.tensor().shape()), block.tensor()::name);
        }
        assertEquals(List.of(), duplicates(svg));
    }

    /** Two arrows on one row would hide each other. */
    private static List<String> duplicates(String svg) {
        Set<String> seen = new HashSet<>();
        return svg.lines()
                .filter(line -> line.contains("font-size=\"11.5\""))
                .map(line -> line.replaceAll(".* y=\"([^\"]*)\".*", "$1"))
                .filter(y -> !seen.add(y))
                .toList();
    }
}
