package dev.weft.symmetry;

import dev.weft.network.Architecture;
import dev.weft.network.Axis;
import dev.weft.network.NeuronBlock;
import dev.weft.network.NeuronBlock.Structure;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Projection;
import dev.weft.network.Seed;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Permutations that look like symmetries and are none: the counter-examples of {@link SymmetryVerifier}. */
final class NonMembers {

    private final Architecture architecture;

    NonMembers(Architecture architecture) {
        this.architecture = architecture;
    }

    /** Whether some tensor could be left behind when a block is permuted. */
    boolean canDecouple(NeuronBlock block) {
        return block.permutable()
                && moves(block)
                && leftBehind(block) != null
                && touching(block).count() > 1; // queries and keys side by side without biases are one tensor
    }

    private boolean moves(NeuronBlock block) {
        return block.structure() instanceof Structure.Within within
                ? block.size() > architecture.blocks().get(within.groups()).size()
                : block.structure() instanceof Structure.Flat && block.size() > 1;
    }

    /** Permutes a block in all tensors but one matrix that reads or writes it. */
    double[] decoupled(double[] row, NeuronBlock block, Seed seed) {
        ParameterTensor behind = leftBehind(block);
        List<int[]> moved = turned(block, seed);
        List<int[]> still = identity();
        return gathered(row, tensor -> tensor.equals(behind) ? still : moved);
    }

    private @Nullable ParameterTensor leftBehind(NeuronBlock block) {
        return touching(block)
                .filter(tensor -> tensor.axes().stream().anyMatch(axis -> axis.flow() == Axis.Flow.IN))
                .findFirst()
                .orElse(null);
    }

    private Stream<ParameterTensor> touching(NeuronBlock block) {
        return architecture.parameters().stream()
                .filter(tensor -> tensor.axes().stream()
                        .flatMap(axis -> axis.segments().stream())
                        .anyMatch(segment -> !segment.free() && belongs(segment.block(), block)));
    }

    private boolean belongs(int named, NeuronBlock block) {
        return Projection.exists(architecture.blocks(), architecture.blocks().get(named), block);
    }

    /** Returns a permutation without fixed places, of each group of a block within groups. */
    private List<int[]> turned(NeuronBlock block, Seed seed) {
        int groups = block.structure() instanceof Structure.Within within
                ? architecture.blocks().get(within.groups()).size()
                : 1;
        int width = block.size() / groups;
        int turn = 1 + seed.random().nextInt(width - 1);
        int[] permutation = IntStream.range(0, block.size())
                .map(u -> u / width * width + (u % width + turn) % width)
                .toArray();
        return RandomBlocks.with(architecture, block, permutation);
    }

    private List<int[]> identity() {
        NeuronPermutation identity = NeuronPermutation.identity(architecture);
        return architecture.blocks().stream().map(identity::permutation).toList();
    }

    /** Whether a block has two groups whose members could be mixed. */
    boolean canTear(NeuronBlock block) {
        return block.permutable()
                && block.structure() instanceof Structure.Within within
                && architecture.blocks().get(within.groups()).size() > 1
                && moves(block)
                && leftBehind(block) != null;
    }

    /** Moves members of a block from group to group, in all tensors alike; the groups themselves stay. */
    double[] torn(double[] row, NeuronBlock block) {
        int size = block.size();
        int groups = architecture
                .blocks()
                .get(((Structure.Within) block.structure()).groups())
                .size();
        int width = size / groups;
        int[] permutation = IntStream.range(0, size).toArray();
        for (int g = 0; g < groups; g++) { // the first member of each group goes to the next group
            permutation[g * width] = (g + 1) % groups * width;
        }
        List<int[]> torn = RandomBlocks.with(architecture, block, permutation);
        return gathered(row, tensor -> torn);
    }

    private double[] gathered(double[] row, Function<ParameterTensor, List<int[]>> permutations) {
        return IntStream.of(RowGather.of(architecture, permutations))
                .mapToDouble(i -> row[i])
                .toArray();
    }
}
