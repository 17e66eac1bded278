package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.NaturalOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The layers of a network that is one chain: linear layers, convolutions over images, batch norms.
 *
 * @param layers linear layers and convolutions in order, each reading the one before
 */
record PlainModules(List<Module> layers) {

    private static final Pattern NESTED = Pattern.compile("\\.\\d+\\.(.*\\.)?\\d+\\.");
    private static final Set<String> WEIGHTS = Set.of("weight", "bias");
    private static final Set<String> NORM =
            Set.of("weight", "bias", "running_mean", "running_var", "num_batches_tracked");

    /**
     * A layer.
     *
     * @param name what stands before {@code .weight}
     * @param shape of the weight
     * @param bias whether there is one
     * @param norm the batch norm behind it, or an empty text
     */
    record Module(String name, List<Integer> shape, boolean bias, String norm) {

        boolean isConvolution() {
            return shape.size() == 4;
        }

        int out() {
            return shape.get(0);
        }

        int in() {
            return shape.get(1);
        }

        Module with(String other) {
            return new Module(name, shape, bias, other);
        }
    }

    /** Orders the layers, if they form a chain and nothing else is in the file. */
    static Optional<PlainModules> of(StateDict tensors) {
        Map<String, Map<String, NamedTensor>> modules = new LinkedHashMap<>();
        for (NamedTensor tensor : tensors.file().tensors().values()) {
            String end = tensor.name().substring(tensor.name().lastIndexOf('.') + 1);
            if (!NORM.contains(end) && Buffers.leftover(tensor).kind() == Leftover.Kind.BUFFER) {
                continue;
            }
            int dot = tensor.name().lastIndexOf('.');
            if (NESTED.matcher(tensor.name()).find()) {
                return Optional.empty(); // blocks of layers are seldom a chain
            }
            if (dot < 1) {
                return Optional.empty();
            }
            modules.computeIfAbsent(tensor.name().substring(0, dot), name -> new TreeMap<>())
                    .put(tensor.name().substring(dot + 1), tensor);
        }
        List<Module> layers = new ArrayList<>();
        Map<String, Integer> norms = new TreeMap<>(NaturalOrder.NAMES);
        for (Map.Entry<String, Map<String, NamedTensor>> each : modules.entrySet()) {
            Map<String, NamedTensor> parts = each.getValue();
            NamedTensor mean = parts.get("running_mean");
            if (mean != null && NORM.containsAll(parts.keySet())) {
                norms.put(each.getKey(), (int) mean.elements());
                continue;
            }
            Optional<Module> layer = layer(each.getKey(), parts);
            if (layer.isEmpty()) {
                return Optional.empty();
            }
            layers.add(layer.get());
        }
        return ordered(layers).flatMap(chain -> withNorms(chain, norms)).map(PlainModules::new);
    }

    private static Optional<Module> layer(String name, Map<String, NamedTensor> parts) {
        NamedTensor weight = parts.get("weight");
        NamedTensor bias = parts.get("bias");
        if (weight == null || !WEIGHTS.containsAll(parts.keySet())) {
            return Optional.empty();
        }
        List<Long> shape = weight.shape();
        boolean fits = (shape.size() == 2 || shape.size() == 4)
                && shape.stream().allMatch(extent -> extent > 0 && extent <= Integer.MAX_VALUE)
                && (bias == null || bias.shape().equals(shape.subList(0, 1)));
        return fits
                ? Optional.of(
                        new Module(name, shape.stream().map(Long::intValue).toList(), bias != null, ""))
                : Optional.empty();
    }

    /** Takes the file's order if it fits, else convolutions first and names by their numbers, those without a number last. */
    private static Optional<List<Module>> ordered(List<Module> layers) {
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        List<Module> sorted = new ArrayList<>(layers);
        sorted.sort(Comparator.comparing((Module layer) -> !layer.isConvolution())
                .thenComparing(layer -> !layer.name().matches(".*\\d.*"))
                .thenComparing(Module::name, NaturalOrder.NAMES));
        if (isChain(sorted)) {
            return Optional.of(sorted);
        }
        return isChain(layers) ? Optional.of(layers) : Optional.empty();
    }

    private static boolean isChain(List<Module> layers) {
        for (int i = 1; i < layers.size(); i++) {
            Module before = layers.get(i - 1);
            Module next = layers.get(i);
            boolean flattens = before.isConvolution() && !next.isConvolution();
            boolean fits = flattens
                    ? next.in() % before.out() == 0
                    : before.isConvolution() == next.isConvolution()
                            && before.out() % next.in() == 0
                            && (next.isConvolution() || before.out() == next.in());
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Puts each norm behind the layer with its number, or the number before, or else the next one of its size. */
    private static Optional<List<Module>> withNorms(List<Module> layers, Map<String, Integer> norms) {
        List<Module> placed = new ArrayList<>(layers);
        for (Map.Entry<String, Integer> norm : norms.entrySet()) {
            int at = -1;
            for (int i = 0; i < placed.size(); i++) {
                Module layer = placed.get(i);
                boolean free = layer.norm().isEmpty() && layer.out() == norm.getValue();
                if (free && (at < 0 || follows(layer.name(), norm.getKey()))) {
                    at = i;
                }
            }
            if (at < 0) {
                return Optional.empty();
            }
            placed.set(at, placed.get(at).with(norm.getKey()));
        }
        return Optional.of(placed);
    }

    /** {@code bn2} follows {@code conv2}, {@code net.4} follows {@code net.3}. */
    private static boolean follows(String layer, String norm) {
        String layerNumber = layer.replaceFirst(".*?(\\d*)$", "$1");
        String normNumber = norm.replaceFirst(".*?(\\d*)$", "$1");
        if (layerNumber.isEmpty() || normNumber.isEmpty() || layerNumber.length() > 6 || normNumber.length() > 6) {
            return false;
        }
        String layerStart = layer.substring(0, layer.length() - layerNumber.length());
        String normStart = norm.substring(0, norm.length() - normNumber.length());
        int step = layerStart.equals(normStart) ? 1 : 0;
        return Integer.parseInt(layerNumber) + step == Integer.parseInt(normNumber);
    }
}
