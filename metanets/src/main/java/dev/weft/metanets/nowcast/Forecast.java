package dev.weft.metanets.nowcast;

import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.RowTensor;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;

/** Forecast parameters: an array for each tensor, so that a network may have more than two billion values. */
public final class Forecast {

    private final RowLayout layout;
    private final float[][] tensors;

    Forecast(RowLayout layout) {
        this.layout = layout;
        tensors = new float[layout.tensors().size()][];
        for (RowTensor tensor : layout.tensors()) {
            tensors[tensor.index()] = new float[Math.toIntExact(tensor.size())];
        }
    }

    public RowLayout layout() {
        return layout;
    }

    /** Returns a tensor's values, row-major; not a copy. */
    public float[] values(RowTensor tensor) {
        return tensors[tensor.index()];
    }

    /** Returns all values as one flat row. */
    public float[] row() {
        float[] row = new float[Math.toIntExact(layout.size())];
        for (RowTensor tensor : layout.tensors()) {
            System.arraycopy(values(tensor), 0, row, (int) tensor.offset(), (int) tensor.size());
        }
        return row;
    }

    /**
     * Puts the trained parameters of an architecture into a row of it.
     *
     * @param row [P] whose other values stay
     */
    public void putInto(Architecture architecture, float[] row) {
        architecture.requireRowLength(row.length);
        for (ParameterTensor tensor : architecture.parameters()) {
            layout.find(tensor.name())
                    .ifPresent(
                            own -> System.arraycopy(values(own), 0, row, (int) tensor.offset(), (int) tensor.size()));
        }
    }

    /** @throws IllegalStateException if a value is not finite */
    Forecast requireFinite() {
        for (RowTensor tensor : layout.tensors()) {
            for (float value : values(tensor)) {
                if (!Float.isFinite(value)) {
                    throw new IllegalStateException("the forecast of tensor '" + tensor.name() + "' has " + value);
                }
            }
        }
        return this;
    }
}
