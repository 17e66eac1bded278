package dev.weft.metanets.nowcast;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.ParameterTensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The states that a forecast is made from: the same parameters at {@value #STATES} moments of training, evenly spaced,
 * oldest first. Float32 tensors of mapped files stay where they are; all others are read into memory.
 */
public final class Trajectory {

    /** How many states NiNo reads. */
    public static final int STATES = 5;

    private final RowLayout layout;
    private final List<String> origins;
    private final List<List<FloatBuffer>> values;

    private Trajectory(RowLayout layout, List<String> origins, List<List<FloatBuffer>> values) {
        this.layout = layout;
        this.origins = origins;
        this.values = values;
    }

    /**
     * Takes flat rows, which are not copied.
     *
     * @param rows [5, P]
     */
    public static Trajectory of(RowLayout layout, float[][] rows) {
        requireCount(rows.length);
        List<String> origins = new ArrayList<>();
        List<List<FloatBuffer>> values = new ArrayList<>();
        for (int state = 0; state < STATES; state++) {
            if (rows[state].length != layout.size()) {
                throw new IllegalArgumentException("state " + (state + 1) + " of " + STATES + ": expected "
                        + layout.size() + " values, found " + rows[state].length);
            }
            List<FloatBuffer> tensors = new ArrayList<>();
            for (RowTensor tensor : layout.tensors()) {
                tensors.add(FloatBuffer.wrap(rows[state], (int) tensor.offset(), (int) tensor.size())
                        .slice());
            }
            origins.add("state " + (state + 1));
            values.add(tensors);
        }
        return new Trajectory(layout, origins, values);
    }

    /**
     * Takes the trained parameters of an architecture's rows, which are not copied.
     *
     * @param origins of the rows, for messages
     * @param rows [5, P], oldest first
     */
    public static Trajectory of(Architecture architecture, List<String> origins, float[][] rows) {
        requireCount(rows.length);
        RowLayout layout = RowLayout.ofTrained(architecture);
        List<List<FloatBuffer>> values = new ArrayList<>();
        for (float[] row : rows) {
            architecture.requireRowLength(row.length);
            values.add(architecture.parameters().stream()
                    .filter(ParameterTensor::trainable)
                    .map(tensor -> FloatBuffer.wrap(row, (int) tensor.offset(), (int) tensor.size())
                            .slice())
                    .toList());
        }
        return new Trajectory(layout, List.copyOf(origins), values);
    }

    /**
     * Takes the tensors of files, which must stay open no longer than this call.
     *
     * @param layout of the tensors to take; others are passed over
     * @param states five, oldest first; one that stands twice is read once
     * @throws FormatException if a state lacks a tensor, or has it in another shape
     */
    public static Trajectory of(RowLayout layout, List<? extends TensorSource> states) throws IOException {
        requireCount(states.size());
        List<String> origins = new ArrayList<>();
        List<List<FloatBuffer>> values = new ArrayList<>();
        for (TensorSource state : states) {
            int before = states.indexOf(state);
            values.add(before < values.size() ? values.get(before) : read(layout, state));
            origins.add(state.origin());
        }
        return new Trajectory(layout, origins, values);
    }

    private static void requireCount(int states) {
        if (states != STATES) {
            throw new IllegalArgumentException("expected " + STATES + " states, oldest first, found " + states);
        }
    }

    private static List<FloatBuffer> read(RowLayout layout, TensorSource state) throws IOException {
        List<FloatBuffer> tensors = new ArrayList<>();
        for (RowTensor tensor : layout.tensors()) {
            tensors.add(read(state, tensor));
        }
        return tensors;
    }

    private static FloatBuffer read(TensorSource state, RowTensor tensor) throws IOException {
        NamedTensor found = state.tensor(tensor.name());
        List<Long> expected = tensor.shape().stream().map(Integer::longValue).toList();
        if (!found.shape().equals(expected)) {
            throw new FormatException.Corrupt(
                    state.origin(),
                    "tensor '" + tensor.name() + "': expected shape " + expected + " as in the other states, found "
                            + found.shape());
        }
        return found.dtype() == Dtype.F32 && state.isMapped(tensor.name())
                ? state.bytes(tensor.name()).asFloatBuffer()
                : FloatBuffer.wrap(state.floats(tensor.name()));
    }

    public RowLayout layout() {
        return layout;
    }

    /** Returns where a state comes from, for messages. */
    public String origin(int state) {
        return origins.get(state);
    }

    /** Returns a tensor's values in a state, row-major; they are not to be changed. */
    public FloatBuffer values(int state, RowTensor tensor) {
        return values.get(state).get(tensor.index());
    }
}
