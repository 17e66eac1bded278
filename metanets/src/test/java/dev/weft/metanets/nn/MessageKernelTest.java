package dev.weft.metanets.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.graph.ParameterGraph;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Two networks with two inputs and one output, messages forward only, one channel:
 *
 * <pre>
 * input 0 --- s = 2, t = 1 ---&gt; output
 * input 1 --- s = 3, t = 0 ---/
 * </pre>
 */
class MessageKernelTest {

    private static final GraphLayout LAYOUT =
            new GraphLayout(ParameterGraph.of(Mlp.of(List.of(2, 1), new Layer.Relu(), true)), false);
    private static final EdgeList EDGES = new EdgeList(LAYOUT, 2, LAYOUT.edges());

    @Test
    void reducesMessages() {
        // m = s (receiver + sender) + t: 2 (1 + 0) + 1 = 3 and 3 (1 + 1) = 6; the second network's are 1 and 1
        MessageKernel kernel = kernel();
        float[] expected = new float[2 * 3 * 4];
        set(expected, 2, 4.5f, 3, 6, 1.5f);
        set(expected, 5, 1, 1, 1, 0);
        assertArrayEquals(expected, kernel.statistics(), 1e-6f);
    }

    @Test
    void bringsGradientsBack() {
        float[] g = new float[2 * 3 * 4];
        set(g, 2, 0.2f, 1, 10, 100); // of mean, minimum, maximum, deviation
        FloatBuffer scale = FloatBuffer.allocate(4);
        FloatBuffer shift = FloatBuffer.allocate(4);
        EndGradient ends = kernel().backward(g, scale, shift);
        // message 0: 0.2 / 2 + 1 + 100 (3 - 4.5) / (2 1.5) = -48.9; message 1: 0.1 + 10 + 50 = 60.1
        assertArrayEquals(new float[] {-48.9f, 60.1f, 0, 0}, shift.array(), 1e-4f);
        assertArrayEquals(new float[] {-48.9f, 2 * 60.1f, 0, 0}, scale.array(), 1e-4f);
        assertArrayEquals(new float[] {0, 0, 2 * -48.9f + 3 * 60.1f, 0, 0, 0}, ends.receivers(), 1e-4f);
        assertArrayEquals(new float[] {2 * -48.9f, 3 * 60.1f, 0, 0, 0, 0}, ends.senders(), 1e-4f);
    }

    @Test
    void ofMessagesAlikeTheFirstGetsTheGradientOfAnExtreme() {
        float[] g = new float[2 * 3 * 4];
        set(g, 5, 0, 1, 10, 0);
        FloatBuffer shift = FloatBuffer.allocate(4);
        kernel().backward(g, FloatBuffer.allocate(4), shift);
        assertArrayEquals(new float[] {0, 0, 11, 0}, shift.array());
    }

    @Test
    void vectorsGiveWhatPlainLoopsGive() {
        compareVectors(MessageKernelTest::random);
    }

    @Test
    void ofMessagesAlikeVectorsTakeTheFirstToo() {
        compareVectors((n, name) -> {
            float[] halves = new float[n];
            Arrays.fill(halves, 0.5f);
            return name.equals("gradient") ? random(n, name) : halves;
        });
    }

    /** With states of 64 values, whole vectors on any machine, and both directions: rows share receivers and senders. */
    private static void compareVectors(BiFunction<Integer, String, float[]> values) {
        assumeTrue(MessageKernel.hasVectors(64));
        ParameterGraph graph = ParameterGraph.of(Mlp.of(List.of(2, 5, 3), new Layer.Relu(), true));
        GraphLayout layout = new GraphLayout(graph, true);
        EdgeList edges = new EdgeList(layout, 2, layout.edges());
        List<float[]> plain = run(edges, values, false);
        List<float[]> vectors = run(edges, values, true);
        for (int i = 0; i < plain.size(); i++) {
            assertArrayEquals(plain.get(i), vectors.get(i), i == 0 ? 1e-5f : 1e-4f, "array " + i);
        }
    }

    /** Returns statistics and gradients. */
    private static List<float[]> run(EdgeList edges, BiFunction<Integer, String, float[]> values, boolean vectors) {
        int d = 64;
        int nodes = 2 * edges.layout().nodes();
        FloatBuffer scale = FloatBuffer.wrap(values.apply(edges.size() * d, "scale"));
        FloatBuffer shift = FloatBuffer.wrap(values.apply(edges.size() * d, "shift"));
        float[] receivers = values.apply(nodes * d, "receivers");
        float[] senders = values.apply(nodes * d, "senders");
        MessageKernel kernel = new MessageKernel(edges, d, scale, shift, receivers, senders, vectors);
        FloatBuffer scaleGradient = FloatBuffer.allocate(edges.size() * d);
        FloatBuffer shiftGradient = FloatBuffer.allocate(edges.size() * d);
        EndGradient ends = kernel.backward(values.apply(nodes * 4 * d, "gradient"), scaleGradient, shiftGradient);
        return List.of(
                kernel.statistics(), scaleGradient.array(), shiftGradient.array(), ends.receivers(), ends.senders());
    }

    private static float[] random(int n, String name) {
        RandomGenerator random = new Seed(5).split(name).random();
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static MessageKernel kernel() {
        float[] receivers = {0, 0, 1, 0, 0, 0};
        float[] senders = {0, 1, 0, 0, 0, 0};
        return new MessageKernel(
                EDGES,
                1,
                FloatBuffer.wrap(new float[] {2, 3, 2, 3}),
                FloatBuffer.wrap(new float[] {1, 0, 1, 1}),
                receivers,
                senders);
    }

    private static void set(float[] wide, int node, float... values) {
        System.arraycopy(values, 0, wide, node * 4, 4);
    }
}
