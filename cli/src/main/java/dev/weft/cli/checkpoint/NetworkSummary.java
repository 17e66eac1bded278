package dev.weft.cli.checkpoint;

import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.topology.OnnxNetwork;
import dev.weft.checkpoints.format.onnx.topology.OnnxTopology;
import dev.weft.checkpoints.format.recognise.Leftover;
import dev.weft.checkpoints.format.recognise.Placement;
import dev.weft.checkpoints.format.recognise.Recognition;
import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.symmetry.SymmetryGroup;
import dev.weft.symmetry.SymmetryGroup.Size;
import dev.weft.symmetry.SymmetryKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The network that was recognised in a checkpoint.
 *
 * @param family whose tensors these are
 * @param confidence in (0, 1]
 * @param reason what was seen and assumed
 * @param architecture family and widths
 * @param input shape of one sample
 * @param output shape of what comes out for it
 * @param parameters values of a row
 * @param trained those of them that gradients change
 * @param blocks of neurons
 * @param movable those of them whose neurons may change places
 * @param symmetries of each kind and size of block
 * @param tied tensors that hold a parameter once more, and its name
 * @param leftovers tensors that are no part of the network
 */
public record NetworkSummary(
        String family,
        double confidence,
        String reason,
        String architecture,
        String fingerprint,
        List<Integer> input,
        List<Integer> output,
        long parameters,
        long trained,
        int blocks,
        long movable,
        List<Symmetry> symmetries,
        Map<String, String> tied,
        List<Leftover> leftovers) {

    /**
     * Symmetries of one kind, of all blocks of one size.
     *
     * @param kind for people
     * @param size of each block, 0 for scales, signs and phases
     * @param count how many blocks
     * @param log10Order of the group of all of them together, where it is finite
     * @param dimensions free numbers, where it is not
     */
    public record Symmetry(String kind, int size, long count, double log10Order, long dimensions) {}

    static NetworkSummary of(Recognition found) {
        Architecture architecture = found.architecture();
        Map<String, String> tied = new TreeMap<>();
        for (Placement placement : found.placements()) {
            if (placement.copy()) {
                tied.put(placement.tensor(), placement.parameter().name());
            }
        }
        return of(found.family(), found.confidence(), found.reason(), architecture, tied, found.leftovers());
    }

    /** Describes the network that a graph computes; nothing is guessed, but some things are taken for granted. */
    static NetworkSummary of(OnnxNetwork network, OnnxFile file) {
        Set<String> used = network.places().values().stream()
                .flatMap(List::stream)
                .map(piece -> piece.tensor().name())
                .collect(Collectors.toSet());
        List<Leftover> leftovers = file.tensors().keySet().stream()
                .filter(name -> !used.contains(name))
                .map(name ->
                        new Leftover(name, Leftover.Kind.BUFFER, "the graph computes with it, but it is no parameter"))
                .toList();
        String reason = Stream.concat(Stream.of("read from the graph"), network.assumptions().stream())
                .collect(Collectors.joining("; "));
        return of(OnnxTopology.FAMILY, 1, reason, network.architecture(), Map.of(), leftovers);
    }

    private static NetworkSummary of(
            String family,
            double confidence,
            String reason,
            Architecture architecture,
            Map<String, String> tied,
            List<Leftover> leftovers) {
        return new NetworkSummary(
                family,
                confidence,
                reason,
                architecture.toString(),
                architecture.fingerprint(),
                architecture.formOf(Architecture.INPUT).shape(),
                architecture.outputForm().shape(),
                architecture.parameterCount(),
                architecture.trainableCount(),
                architecture.blocks().size(),
                architecture.blocks().stream().filter(NeuronBlock::permutable).count(),
                symmetries(new SymmetryGroup(architecture)),
                tied,
                leftovers);
    }

    private static List<Symmetry> symmetries(SymmetryGroup group) {
        List<Symmetry> symmetries = new ArrayList<>();
        for (SymmetryKind kind : group.kinds()) {
            Size size = group.size(kind);
            switch (kind) {
                case SCALES, SIGNS, PHASES ->
                    symmetries.add(new Symmetry(kind.words(), 0, 0, size.log10(), size.dimensions()));
                default -> symmetries.addAll(permutations(group, kind));
            }
        }
        return symmetries;
    }

    private static List<Symmetry> permutations(SymmetryGroup group, SymmetryKind kind) {
        Map<Integer, List<NeuronBlock>> bySize = new TreeMap<>(Comparator.reverseOrder());
        for (NeuronBlock block : group.architecture().blocks()) {
            if (group.kindOf(block) == kind && group.log10Permutations(block) > 0) {
                bySize.computeIfAbsent(block.size(), size -> new ArrayList<>()).add(block);
            }
        }
        return bySize.entrySet().stream()
                .map(each -> new Symmetry(
                        kind.words(),
                        each.getKey(),
                        each.getValue().size(),
                        each.getValue().stream()
                                .mapToDouble(group::log10Permutations)
                                .sum(),
                        0))
                .toList();
    }
}
