package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.Listing;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Finds the tensors of an architecture in a file, and says what the others are. */
final class TensorMatch {

    /** How much of the confidence is left if there are tensors that nobody knows. */
    private static final double WITH_STRANGERS = 0.5;

    private final StateDict tensors;
    private final String family;
    private final Architecture architecture;
    private final Map<String, Layout> layouts;
    private final Map<String, String> copies;
    private final Map<String, String> unused;

    /**
     * A match to be made.
     *
     * @param layouts of parameters that lie differently in the file
     * @param copies tensors that hold a parameter once more
     * @param unused notes on tensors of outputs that are not run, by the start of their names
     */
    TensorMatch(
            StateDict tensors,
            String family,
            Architecture architecture,
            Map<String, Layout> layouts,
            Map<String, String> copies,
            Map<String, String> unused) {
        this.tensors = tensors;
        this.family = family;
        this.architecture = architecture;
        this.layouts = layouts;
        this.copies = copies;
        this.unused = unused;
    }

    Recognition recognition(double confidence, String reason) throws FormatException {
        Map<String, Placement> placements = new LinkedHashMap<>();
        Map<String, ParameterTensor> parameters = new LinkedHashMap<>();
        for (ParameterTensor parameter : architecture.parameters()) {
            parameters.put(parameter.name(), parameter);
            NamedTensor tensor = require(parameter.name(), parameter);
            placements.put(tensor.name(), placement(tensor, parameter, false));
        }
        for (Map.Entry<String, String> copy : copies.entrySet()) {
            ParameterTensor parameter = Objects.requireNonNull(parameters.get(copy.getValue()), copy.getValue());
            NamedTensor tensor = require(copy.getKey(), parameter);
            placements.put(tensor.name(), placement(tensor, parameter, true));
        }
        List<Leftover> leftovers = leftovers(placements.keySet());
        long strangers = leftovers.stream()
                .filter(each -> each.kind() == Leftover.Kind.UNKNOWN)
                .count();
        return new Recognition(
                family,
                architecture,
                strangers > 0 ? confidence * WITH_STRANGERS : confidence,
                strangers > 0 ? reason + "; " + strangers + " of the file's tensors are no part of it" : reason,
                List.copyOf(placements.values()),
                leftovers);
    }

    private NamedTensor require(String name, ParameterTensor parameter) throws FormatException {
        return tensors.find(name)
                .orElseThrow(() -> tensors.corrupt("expected a tensor '" + tensors.fileName(name) + "' of shape "
                        + parameter.shape() + " for " + family + ", found "
                        + Listing.of(tensors.file().tensors().keySet())));
    }

    private Placement placement(NamedTensor tensor, ParameterTensor parameter, boolean copy) throws FormatException {
        if (!tensor.dtype().isFloating()) {
            throw tensors.unsupported("tensor '" + tensor.name() + "': expected F32, F64, F16 or BF16, found "
                    + tensor.dtype() + "; quantized weights are not read");
        }
        Layout layout = layouts.getOrDefault(parameter.name(), Layout.SAME);
        boolean fits = layout.isSame()
                ? extents(tensor.shape()).equals(extents(parameter.shape()))
                : tensor.elements() == parameter.size();
        if (!fits) {
            throw tensors.corrupt("tensor '" + tensor.name() + "': expected shape " + parameter.shape() + " for "
                    + family + ", found " + tensor.shape());
        }
        return new Placement(tensor.name(), parameter, layout, copy);
    }

    /** Returns the extents that are not 1: those others change no order. */
    private static List<Long> extents(List<? extends Number> shape) {
        return shape.stream()
                .map(Number::longValue)
                .filter(extent -> extent != 1)
                .toList();
    }

    private List<Leftover> leftovers(Set<String> placed) {
        List<Leftover> leftovers = new ArrayList<>();
        for (NamedTensor tensor : tensors.file().tensors().values()) {
            if (!placed.contains(tensor.name())) {
                leftovers.add(leftover(tensor));
            }
        }
        return leftovers;
    }

    private Leftover leftover(NamedTensor tensor) {
        for (Map.Entry<String, String> each : unused.entrySet()) {
            if (tensor.name().startsWith(tensors.fileName(each.getKey()))) {
                return new Leftover(tensor.name(), Leftover.Kind.UNUSED, each.getValue());
            }
        }
        return Buffers.leftover(tensor);
    }
}
