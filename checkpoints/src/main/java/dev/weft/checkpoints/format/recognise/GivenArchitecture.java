package dev.weft.checkpoints.format.recognise;

import dev.weft.network.Architecture;
import dev.weft.network.Embedding;
import dev.weft.network.FormatException;
import dev.weft.network.ParameterTensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the tensors of an architecture that the user gave: as its family would, or by its own names. */
final class GivenArchitecture {

    private static final String FAMILY = "the given architecture";

    private GivenArchitecture() {}

    static Recognition find(StateDict tensors, Architecture architecture) throws IOException {
        Optional<Recognition> known = known(tensors, architecture);
        if (known.isPresent()) {
            return known.get();
        }
        StateDict named = tensors.renamed(Map.of("", prefix(tensors, architecture)));
        return new TensorMatch(named, FAMILY, architecture, Map.of(), copies(named, architecture), Map.of())
                .recognition(1, "the names of its tensors are in the file");
    }

    /** A family knows of other names and layouts; only what is computed with the tensors may differ. */
    private static Optional<Recognition> known(StateDict tensors, Architecture architecture) throws IOException {
        Recognition found;
        try {
            found = Selection.of(tensors);
        } catch (FormatException e) {
            return Optional.empty(); // the user knows better
        }
        Map<String, ParameterTensor> given = architecture.parameters().stream()
                .collect(Collectors.toMap(ParameterTensor::name, Function.identity()));
        List<Placement> placements = new ArrayList<>();
        for (Placement each : found.placements()) {
            ParameterTensor parameter = given.get(each.parameter().name());
            if (parameter == null || !parameter.shape().equals(each.parameter().shape())) {
                return Optional.empty();
            }
            placements.add(new Placement(each.tensor(), parameter, each.layout(), each.copy()));
        }
        if (found.architecture().parameters().size() != given.size()) {
            return Optional.empty();
        }
        return Optional.of(new Recognition(
                FAMILY, architecture, 1, "its tensors are those of " + found.family(), placements, found.leftovers()));
    }

    /** Returns what stands in the file before all names, or before as many as possible. */
    private static String prefix(StateDict tensors, Architecture architecture) {
        String best = "";
        long most = 0;
        List<ParameterTensor> parameters = architecture.parameters();
        if (parameters.isEmpty()) {
            return best;
        }
        for (String prefix : tensors.prefixes(parameters.get(0).name())) {
            long hits = parameters.stream()
                    .filter(parameter -> tensors.has(prefix + parameter.name()))
                    .count();
            if (hits > most) {
                best = prefix;
                most = hits;
            }
        }
        return best;
    }

    private static Map<String, String> copies(StateDict tensors, Architecture architecture) {
        Map<String, String> copies = new HashMap<>();
        for (Architecture.Node node : architecture.nodes()) {
            String weight = ParameterTensor.nameOf(node.name(), "weight");
            if (node.layer() instanceof Embedding.TiedOutput tied && tensors.has(weight)) {
                copies.put(weight, ParameterTensor.nameOf(tied.embedding(), "weight"));
            }
        }
        return copies;
    }
}
