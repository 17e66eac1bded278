package dev.weft.metanets.nowcast;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of a state dict is a parameter, in which order, and what becomes of the rest. */
class StateDictTest {

    private static final SafetensorsWriter STATE = new SafetensorsWriter()
            .metadata("step", "5")
            .add("net.10.weight", List.of(1L, 2L), new float[] {9, 9})
            .add("net.2.bias", List.of(2L), new float[] {5, 6})
            .add("net.2.weight", List.of(2L, 1L), new float[] {3, 4})
            .add("net.3.running_mean", List.of(2L), new float[] {7, 8})
            .add("net.3.num_batches_tracked", new long[0], new long[] {11});

    @Test
    void namesAreOrderedByNumberAndWeightsComeFirst() throws IOException {
        assertEquals(
                List.of("net.2.weight", "net.2.bias", "net.10.weight"),
                StateDict.of(STATE).layout().tensors().stream()
                        .map(RowTensor::name)
                        .toList());
    }

    @Test
    void theRestComesFromTheLastState() throws IOException {
        StateDict dict = StateDict.of(STATE);
        Forecast forecast = new Forecast(dict.layout());
        forecast.values(dict.layout().find("net.2.weight").orElseThrow())[1] = 1;
        TensorSource state = dict.with(STATE, forecast, Map.of("k", "v"));
        assertEquals(STATE.tensors().keySet(), state.tensors().keySet());
        assertEquals(Map.of("step", "5", "k", "v"), state.metadata());
        assertArrayEquals(new float[] {0, 1}, state.floats("net.2.weight"));
        assertArrayEquals(new float[] {7, 8}, state.floats("net.3.running_mean"));
        assertArrayEquals(new long[] {11}, state.longs("net.3.num_batches_tracked"));
    }

    @Test
    void anOutputThatIsItsEmbeddingAgainFollowsIt() throws IOException {
        SafetensorsWriter state = new SafetensorsWriter()
                .add("lm_head.weight", List.of(2L, 1L), new float[] {1, 2})
                .add("model.embed_tokens.weight", List.of(2L, 1L), new float[] {1, 2});
        StateDict dict = StateDict.of(state);
        assertEquals(1, dict.layout().tensors().size());
        Forecast forecast = new Forecast(dict.layout());
        forecast.values(dict.layout().tensors().get(0))[0] = 5;
        assertArrayEquals(
                new float[] {5, 0}, dict.with(state, forecast, Map.of()).floats("lm_head.weight"));
    }

    @Test
    void anOutputOfItsOwnIsAParameter() throws IOException {
        SafetensorsWriter state = new SafetensorsWriter()
                .add("lm_head.weight", List.of(2L, 1L), new float[] {1, 3})
                .add("model.embed_tokens.weight", List.of(2L, 1L), new float[] {1, 2});
        assertEquals(2, StateDict.of(state).layout().tensors().size());
    }

    @Test
    void aPrefixIsTakenOff() throws IOException {
        PrefixedTensors part = new PrefixedTensors(STATE, "net.2.");
        assertEquals(
                List.of("bias", "weight"),
                part.tensors().keySet().stream().sorted().toList());
        assertArrayEquals(new float[] {3, 4}, part.floats("weight"));
        assertEquals(
                "memory: expected tensors whose names begin with 'x', found none",
                assertThrows(FormatException.class, () -> new PrefixedTensors(STATE, "x"))
                        .getMessage());
    }
}
