package dev.weft.metanets.nowcast.wiring;

import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names, shapes and order of a network's parameters, and so the layout of its flat row. */
public final class RowLayout {

    private final List<RowTensor> tensors = new ArrayList<>();
    private final Map<String, RowTensor> byName = new LinkedHashMap<>();

    /** @param shapes by name, in the row's order */
    public RowLayout(Map<String, List<Integer>> shapes) {
        long offset = 0;
        for (Map.Entry<String, List<Integer>> entry : shapes.entrySet()) {
            RowTensor tensor = new RowTensor(tensors.size(), entry.getKey(), entry.getValue(), offset);
            tensors.add(tensor);
            byName.put(tensor.name(), tensor);
            offset = Math.addExact(offset, tensor.size());
        }
    }

    /** Returns the layout of the trained part of an architecture's row. */
    public static RowLayout ofTrained(Architecture architecture) {
        return of(architecture.parameters().stream()
                .filter(ParameterTensor::trainable)
                .toList());
    }

    /** Returns the layout of a row of these tensors. */
    public static RowLayout of(List<ParameterTensor> parameters) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        parameters.forEach(tensor -> shapes.put(tensor.name(), tensor.shape()));
        return new RowLayout(shapes);
    }

    public List<RowTensor> tensors() {
        return Collections.unmodifiableList(tensors);
    }

    /** Returns the number of values in the row. */
    public long size() {
        return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
    }

    /** Finds a tensor by name. */
    public Optional<RowTensor> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
