package dev.weft.datasets.architecture;

import dev.weft.graph.CanonicalHash;
import dev.weft.graph.ComputationGraph;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.network.family.CellNetwork;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Draws sets of networks. No two of all splits have the same graph: the reference drew its training, test and wide networks
 * from one seed, so that they overlap.
 */
public final class NetworkSampling {

    private static final int MAX_ATTEMPTS = 10_000;

    private final CellSpace space;
    private final Seed seed;
    private final Set<String> hashes = new HashSet<>();

    public NetworkSampling(CellSpace space, Seed seed) {
        this.space = space;
        this.seed = seed;
    }

    /**
     * Draws networks. Those to judge by come first, so that they hardly depend on how many there are to train on.
     *
     * @param counts of each split
     * @param progress is told how many there are so far
     */
    public List<SampledNetwork> draw(Map<ArchitectureSplit, Integer> counts, IntConsumer progress) {
        List<SampledNetwork> judges = new ArrayList<>();
        for (ArchitectureSplit split : ArchitectureSplit.values()) {
            if (split != ArchitectureSplit.TRAIN) {
                draw(split, counts.getOrDefault(split, 0), judges, 0, progress);
            }
        }
        List<SampledNetwork> all = new ArrayList<>();
        draw(ArchitectureSplit.TRAIN, counts.getOrDefault(ArchitectureSplit.TRAIN, 0), all, judges.size(), progress);
        all.addAll(judges);
        return all;
    }

    private void draw(
            ArchitectureSplit split, int count, List<SampledNetwork> drawn, int before, IntConsumer progress) {
        for (int i = 0; i < count; i++) {
            drawn.add(draw(split, i));
            progress.accept(before + drawn.size());
        }
    }

    private SampledNetwork draw(ArchitectureSplit split, int number) {
        Seed own = seed.split(split.text()).split(number);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Seed trial = own.split(attempt);
            Optional<SampledNetwork> drawn = new CellSampler(space, split, trial.random())
                    .draw()
                    .flatMap(config -> sized(split, number, config, trial));
            if (drawn.isPresent() && hashes.add(drawn.get().hash())) {
                return drawn.get();
            }
        }
        throw new IllegalArgumentException("no new network for " + split.text() + " in " + MAX_ATTEMPTS
                + " draws; the space has fewer than asked for");
    }

    /** Chooses widths; a network that is too large at all of them is thrown away. */
    private Optional<SampledNetwork> sized(ArchitectureSplit split, int number, CellNetwork.Config config, Seed trial) {
        Architecture base = CellNetwork.of(config);
        long most = space.limits(split).parameters();
        if (base.parameterCount() > most) {
            return Optional.empty();
        }
        ComputationGraph graph = ComputationGraph.of(base);
        List<Integer> fitting = widths(split, config, base, most);
        if (fitting.isEmpty()) {
            return Optional.empty();
        }
        List<Integer> widths = split == ArchitectureSplit.TRAIN
                ? fitting
                : List.of(fitting.get(trial.split("width").random().nextInt(fitting.size())));
        long parameters = CellNetwork.of(config.withWidths(widths.get(0), config.hidden()))
                .parameterCount();
        return Optional.of(new SampledNetwork(
                split.text() + "-" + number,
                split,
                config,
                widths,
                CanonicalHash.of(graph),
                graph.nodes().size(),
                parameters));
    }

    private List<Integer> widths(ArchitectureSplit split, CellNetwork.Config config, Architecture base, long most) {
        List<Integer> all = space.widths(split);
        if (split == ArchitectureSplit.WIDE) {
            return all;
        }
        if (space == CellSpace.DEEPNETS) {
            return all.subList(0, choices(config, base.parameterCount(), all.size()));
        }
        int fitting = all.size(); // a wider network has more parameters
        while (fitting > 0
                && CellNetwork.of(config.withWidths(all.get(fitting - 1), config.hidden()))
                                .parameterCount()
                        > most) {
            fitting--;
        }
        return all.subList(0, fitting);
    }

    /** The larger a network is, the fewer widths the reference gives it (Knyazev et al. 2021, appendix A). */
    private static int choices(CellNetwork.Config config, long parameters, int all) {
        boolean large = config.genotype()
                .operations()
                .anyMatch(operation -> operation.label().startsWith("conv_5x5")
                        || operation.label().startsWith("conv_7x7"));
        if (parameters > 800_000 || !config.globalAverage() || large || config.cells() > 12) {
            return 1;
        } else if (parameters > 400_000 || config.cells() > 10) {
            return 2;
        }
        return parameters > 200_000 || config.cells() > 8 ? 3 : all;
    }
}
