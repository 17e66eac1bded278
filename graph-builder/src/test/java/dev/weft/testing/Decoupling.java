package dev.weft.testing;

import dev.weft.network.Architecture;
import dev.weft.network.Axis;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The counter-example of every equivariance test: tensor axes that share a block of hidden neurons are permuted each in
 * its own way, so that the rows' values stay the same but the network does not.
 */
public final class Decoupling {

    private final Architecture architecture;
    private final RandomGenerator random;
    private final Map<NeuronBlock, int[]> latest = new HashMap<>();

    private Decoupling(Architecture architecture, Seed seed) {
        this.architecture = architecture;
        this.random = seed.random();
    }

    /**
     * Returns a decoupled copy of a row; the same seed moves the same positions of any row of the architecture.
     *
     * @param row P values
     * @throws IllegalArgumentException if no hidden block has two neurons to move
     */
    public static double[] decoupled(Architecture architecture, double[] row, Seed seed) {
        if (architecture.blocks().stream().noneMatch(Decoupling::movable)) {
            throw new IllegalArgumentException(architecture + " has no two hidden neurons of one block to decouple");
        }
        int[] from = new Decoupling(architecture, seed).gather();
        return IntStream.of(from).mapToDouble(i -> row[i]).toArray();
    }

    private int[] gather() {
        int[] from = new int[Math.toIntExact(architecture.parameterCount())];
        for (ParameterTensor tensor : architecture.parameters()) {
            int[] positions = {(int) tensor.offset()};
            for (int axis = 0; axis < tensor.shape().size(); axis++) {
                positions = extend(positions, tensor, axis);
            }
            System.arraycopy(positions, 0, from, (int) tensor.offset(), positions.length);
        }
        return from;
    }

    /** Appends one axis to the source positions of the axes before it. */
    private int[] extend(int[] positions, ParameterTensor tensor, int axis) {
        int stride = tensor.shape().stream().skip(axis + 1L).reduce(1, Math::multiplyExact);
        int[] order = order(
                tensor.axes().get(axis).soleBlock().orElse(Axis.FREE),
                tensor.shape().get(axis));
        int[] extended = new int[positions.length * order.length];
        for (int i = 0; i < extended.length; i++) {
            extended[i] = positions[i / order.length] + order[i % order.length] * stride;
        }
        return extended;
    }

    /** Returns a block's next order: the one its last axis got, turned by at least one place. */
    private int[] order(int blockIndex, int size) {
        int[] identity = IntStream.range(0, size).toArray();
        if (blockIndex == Axis.FREE) {
            return identity;
        }
        NeuronBlock block = architecture.blocks().get(blockIndex);
        if (!movable(block)) {
            return identity;
        }
        int turn = 1 + random.nextInt(size - 1);
        int[] order = latest.getOrDefault(block, identity);
        int[] turned =
                IntStream.range(0, size).map(k -> order[(k + turn) % size]).toArray();
        latest.put(block, turned);
        return turned;
    }

    private static boolean movable(NeuronBlock block) {
        return block.permutable() && block.size() > 1;
    }
}
