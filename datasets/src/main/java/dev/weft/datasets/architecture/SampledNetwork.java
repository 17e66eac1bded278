package dev.weft.datasets.architecture;

import dev.weft.network.Architecture;
import dev.weft.network.Input;
import dev.weft.network.Seed;
import dev.weft.network.family.CellNetwork;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A drawn network with the widths that it may have: several for training, where a width is drawn at each use, one for all
 * other splits.
 *
 * @param id within its file, for example {@code test-17}
 * @param config at the space's base width
 * @param widths channels to choose from
 * @param hash of its graph at the base width, see {@link dev.weft.graph.CanonicalHash}
 * @param nodes of its graph
 * @param parameters at the first width
 */
public record SampledNetwork(
        String id,
        ArchitectureSplit split,
        CellNetwork.Config config,
        List<Integer> widths,
        String hash,
        int nodes,
        long parameters) {

    private static final int HIDDEN_STEP = 64; // widths of hidden layers are multiples

    public SampledNetwork {
        widths = List.copyOf(widths);
        if (widths.isEmpty()) {
            throw new IllegalArgumentException(id + ": expected a width or more");
        }
        if (widths.stream().anyMatch(width -> width < 1)) {
            throw new IllegalArgumentException(id + ": expected positive widths, got " + widths);
        }
    }

    /** Returns the network for square images of another size; its hash and counts stay those of the size it was drawn for. */
    public SampledNetwork withSize(int pixels) {
        Input.Image other = new Input.Image(config.input().channels(), pixels, pixels);
        return new SampledNetwork(id, split, config.withInput(other), widths, hash, nodes, parameters);
    }

    /** Returns the network at its first width. */
    public Architecture architecture() {
        return CellNetwork.of(config.withWidths(widths.get(0), config.hidden()));
    }

    /** Returns the network at a width drawn from a seed; a hidden layer of its classifier takes a width too. */
    public Architecture architecture(Seed seed) {
        RandomGenerator random = seed.random();
        int width = widths.get(random.nextInt(widths.size()));
        List<Integer> hidden = config.hidden().stream()
                .map(widest -> HIDDEN_STEP * random.nextInt(1, widest / HIDDEN_STEP + 1))
                .toList();
        return CellNetwork.of(config.withWidths(width, hidden));
    }
}
