package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Merging is the mean of five forecasts, each made by the plain form from the states as they were given. */
class TaskMergingTest {

    /** conv 2 -> 3 (2 x 2) with running statistics, linear 3 -> 4. */
    private static final RowLayout LAYOUT = layout();

    private static final float SCALE = 2.5f;
    private static final int HORIZONS = 6;

    @TempDir
    private Path folder;

    private static RowLayout layout() {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        shapes.put("conv.weight", List.of(3, 2, 2, 2));
        shapes.put("fc.weight", List.of(4, 3));
        shapes.put("fc.bias", List.of(4));
        return new RowLayout(shapes);
    }

    /** Returns network number {@code i}; all are near each other, as if trained from one base. */
    private static SafetensorsWriter network(int i) {
        SafetensorsWriter writer = new SafetensorsWriter();
        float[][] rows = RandomNino.rows(LAYOUT);
        LAYOUT.tensors().forEach(tensor -> {
            long[] shape = tensor.shape().stream().mapToLong(Integer::longValue).toArray();
            float[] values = new float[(int) tensor.size()];
            System.arraycopy(rows[i], (int) tensor.offset(), values, 0, values.length);
            writer.add(tensor.name(), shape, values);
        });
        return writer.add("norm.running_mean", List.of(1L), new float[] {i})
                .add("norm.num_batches_tracked", new long[] {}, new long[] {i});
    }

    private Path weights(int features) throws IOException {
        Path file = folder.resolve("nino.safetensors");
        RandomNino.weights(features, HORIZONS).write(file);
        return file;
    }

    private static TensorSource merge(NowcastModel model, float scale, TensorSource base, List<TensorSource> tasks)
            throws IOException {
        try (NDManager manager = NDManager.newBaseManager()) {
            return new TaskMerging(model, scale).merge(manager, base, tasks);
        }
    }

    private static List<TensorSource> networks(int first, int last) {
        List<TensorSource> networks = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            networks.add(network(i));
        }
        return networks;
    }

    @ParameterizedTest
    @CsvSource({"2, 0 1 2 2 1", "3, 0 1 2 2 3", "4, 0 1 2 3 4"})
    void theMeanOfFivePlainForecasts(int tasks, String order) throws IOException {
        Path file = weights(4);
        float[][] states = new float[Trajectory.STATES][];
        float[][] rows = RandomNino.rows(LAYOUT);
        for (int t = 0; t < states.length; t++) {
            states[t] = rows[Integer.parseInt(order.split(" ")[t])];
        }
        WiredGraph graph = ReferenceWiring.of(LAYOUT, OptionalInt.empty());
        double[] expected = new double[(int) LAYOUT.size()];
        try (NDManager manager = NDManager.newBaseManager()) {
            PlainNino net = PlainNino.load(manager, file);
            for (int k = 1; k <= 5; k++) {
                ForecastSettings settings = ForecastSettings.horizon(k).withUpdateScale(SCALE);
                float[] forecast = PlainForecast.of(net, manager, graph, Trajectory.of(LAYOUT, states), settings)
                        .row();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] += forecast[i] / 5.0;
                }
            }
        }
        TensorSource merged = merge(NowcastModel.load(file), SCALE, network(0), networks(1, tasks));
        LAYOUT.tensors().forEach(tensor -> {
            try {
                float[] found = merged.floats(tensor.name());
                for (int i = 0; i < found.length; i++) {
                    assertEquals(expected[(int) tensor.offset() + i], found[i], 1e-5, tensor + " at " + i);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void whatIsNoParameterIsTheTasksMeanOrTheBases() throws IOException {
        TensorSource merged = merge(NowcastModel.load(weights(4)), 1, network(0), networks(1, 4));
        assertArrayEquals(new float[] {2.5f}, merged.floats("norm.running_mean"));
        assertArrayEquals(new long[] {0}, merged.longs("norm.num_batches_tracked"));
    }

    @Test
    void theMeanIsTheSameInThePlainForm() throws IOException {
        Path file = weights(4);
        WiredGraph graph = ReferenceWiring.of(LAYOUT, OptionalInt.empty());
        float[][] rows = RandomNino.rows(LAYOUT);
        ForecastSettings settings = ForecastSettings.meanOf(2, 4).withUpdateScale(SCALE);
        try (NDManager manager = NDManager.newBaseManager()) {
            Trajectory states = Trajectory.of(LAYOUT, rows);
            float[] plain = PlainForecast.of(PlainNino.load(manager, file), manager, graph, states, settings)
                    .row();
            float[] folded = NowcastModel.load(file)
                    .forecast(manager, graph, states, settings)
                    .row();
            assertArrayEquals(plain, folded, 1e-5f);
        }
    }

    private void assertRefused(String message, TensorSource base, List<TensorSource> tasks) throws IOException {
        NowcastModel model = NowcastModel.load(weights(4));
        Exception failure = assertThrows(Exception.class, () -> merge(model, 1, base, tasks));
        assertEquals(message, failure.getMessage());
    }

    @Test
    void oneAndFiveTasksAreRefused() throws IOException {
        assertRefused("expected the networks of 2 to 4 tasks, found 1", network(0), networks(1, 1));
        assertRefused(
                "expected the networks of 2 to 4 tasks, found 5",
                network(0),
                List.of(network(1), network(1), network(1), network(1), network(1)));
    }

    @Test
    void aTensorThatOnlyTheBaseTiesIsRefused() throws IOException {
        float[] words = RandomNino.normal(new Random(1), 4, 1);
        SafetensorsWriter base = new SafetensorsWriter()
                .add("embed_tokens.weight", List.of(2L, 2L), words)
                .add("lm_head.weight", List.of(2L, 2L), words);
        SafetensorsWriter task = new SafetensorsWriter()
                .add("embed_tokens.weight", List.of(2L, 2L), words)
                .add("lm_head.weight", List.of(2L, 2L), new float[] {1, 2, 3, 4});
        assertRefused(
                "memory: tensor 'lm_head.weight': expected the values of 'embed_tokens.weight' as in memory",
                base,
                List.of(base, task));
    }

    @Test
    void valuesThatAreNotNumbersAreRefusedByTensor() throws IOException {
        SafetensorsWriter bad = network(1);
        SafetensorsWriter other = new SafetensorsWriter();
        for (String name : bad.tensors().keySet()) {
            long[] shape =
                    bad.tensor(name).shape().stream().mapToLong(Long::longValue).toArray();
            if (name.equals("fc.bias")) {
                other.add(name, shape, new float[] {0, Float.NaN, 0, 0});
            } else if (bad.tensor(name).dtype().isFloating()) {
                other.add(name, shape, bad.floats(name));
            } else {
                other.add(name, shape, bad.longs(name));
            }
        }
        assertRefused(
                "memory: tensor 'fc.bias': expected finite values, found NaN at 1", network(0), List.of(bad, other));
    }

    @Test
    void networksThatCannotBeWiredAreRefused() {
        SafetensorsWriter two = new SafetensorsWriter()
                .add("a.weight", List.of(3L, 2L), new float[6])
                .add("b.weight", List.of(3L, 2L), new float[6]);
        assertThrows(FormatException.class, () -> merge(NowcastModel.load(weights(4)), 1, two, List.of(two, two)));
    }
}
