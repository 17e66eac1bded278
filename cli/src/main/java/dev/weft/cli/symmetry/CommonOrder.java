package dev.weft.cli.symmetry;

import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.recognise.NetworkFile;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.report.Progress;
import dev.weft.network.Architecture;
import dev.weft.network.Seed;
import dev.weft.symmetry.align.ActivationMatching;
import dev.weft.symmetry.align.Merging;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings networks of one architecture into one order of neurons. */
final class CommonOrder {

    private final List<NetworkFile> networks;
    private final Architecture architecture;
    private final MatchingOptions matching;

    CommonOrder(List<NetworkFile> networks, MatchingOptions matching) {
        this.networks = networks;
        this.architecture = networks.get(0).architecture();
        this.matching = matching;
    }

    /**
     * Moves the networks.
     *
     * @param loss has the inputs for activations, needed for those only
     * @return the files' tensors with the values of the moved networks
     */
    List<TensorSource> moved(@Nullable NetworkLoss loss, Seed seed, ProgressOption progress) throws IOException {
        List<double[]> rows = new ArrayList<>();
        for (NetworkFile network : networks) {
            rows.add(network.doubleRow());
        }
        List<double[]> moved = loss != null && matching.by() == MatchingOptions.By.ACTIVATIONS
                ? byActivations(rows, loss)
                : byWeights(rows, seed, progress);
        List<TensorSource> sources = new ArrayList<>();
        for (int i = 0; i < moved.size(); i++) {
            sources.add(networks.get(i).with(moved.get(i)));
        }
        return sources;
    }

    /** Each network is matched to the first. */
    private List<double[]> byActivations(List<double[]> rows, NetworkLoss loss) {
        double[] first = rows.get(0);
        boolean signs = matching.settings(architecture).signs();
        List<double[]> moved = new ArrayList<>(List.of(first));
        for (double[] row : rows.subList(1, rows.size())) {
            moved.add(ActivationMatching.match(architecture, first, row, loss.inputs(), signs)
                    .element()
                    .apply(row));
        }
        return moved;
    }

    /** Each network is matched to the mean of the others, until none moves. */
    private List<double[]> byWeights(List<double[]> rows, Seed seed, ProgressOption progress) {
        try (Progress line = progress.start("Matching", rows.size(), "networks")) {
            return Merging.merge(
                            architecture,
                            rows,
                            seed.split("merge"),
                            matching.settings(architecture),
                            Merging.MAX_ROUNDS_DEFAULT,
                            (round, matched) -> line.update(matched, "round " + (round + 1)))
                    .rows();
        }
    }
}
