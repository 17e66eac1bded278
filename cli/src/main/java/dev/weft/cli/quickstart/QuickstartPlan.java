package dev.weft.cli.quickstart;

import dev.weft.datasets.augment.AugmentationConfig;
import dev.weft.datasets.image.Digits;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.inr.InrInit;
import dev.weft.datasets.inr.InrRecipe;
import dev.weft.metanets.model.FlatMlp;
import dev.weft.metanets.model.MetanetConfig;
import dev.weft.metanets.model.NgGnn;
import dev.weft.metanets.model.ProbeGen;
import dev.weft.metanets.model.StatNn;
import dev.weft.metanets.nn.NodeNorm;
import dev.weft.metanets.task.TrainingConfig;
import java.io.IOException;
import java.util.List;

/**
 * What the quickstart fits and trains: sized so that everything ends in minutes on two cores. An image of 8 x 8 pixels is
 * kept by a network of 16 + 16 neurons as well as by one of 32 + 32, whose graph costs four times as much.
 *
 * <p>Networks have a shared start and shuffled neurons ({@link InrInit#SHUFFLED}). With a start of its own for each network,
 * as in the published data sets, a graph metanetwork without probes needs many more networks and steps than fit in here.
 *
 * <p>NG-GNN differs from the published settings where these networks are few and small: smooth Fourier encoders, forward
 * messages only, residual node updates, and initial weights that keep the variance.
 *
 * @param images one network is fitted to each
 * @param recipe of the fitting
 * @param entries from the baseline that knows nothing to the metanet that knows most
 */
public record QuickstartPlan(ImageSource images, InrRecipe recipe, List<QuickstartPlan.Entry> entries) {

    /** NG-GNN without probes. */
    public static final NgGnn.Config NG_GNN =
            new NgGnn.Config(32, 4, 128, 0.3, false, 0, NodeNorm.Over.NODE, true, NgGnn.Config.KEEPS_VARIANCE, 0);

    public static final int PROBES = 64;

    private static final int WARMUP_STEPS = 100;

    /**
     * Five epochs. Without probes NG-GNN learns nothing at first, and after a fast start at 3e-3 that lasts for three epochs
     * or for nine, as chance has it, which then are missing at the end.
     */
    private static final int SLOW_WARMUP_STEPS = 400;

    public QuickstartPlan {
        entries = List.copyOf(entries);
    }

    /** One metanet of the table. */
    record Entry(
            String folder,
            String label,
            int probes,
            MetanetConfig model,
            TrainingConfig training,
            AugmentationConfig augmentation) {}

    /** DWSNets' recipe on the built-in digits, at the widths that suit 64 pixels. */
    static QuickstartPlan ofDigits() throws IOException {
        return new QuickstartPlan(Digits.load(), inrs(), metanets());
    }

    /** Returns how networks are fitted. */
    public static InrRecipe inrs() {
        return InrRecipe.dws().withHidden(List.of(16, 16));
    }

    private static List<Entry> metanets() {
        AugmentationConfig none = AugmentationConfig.NONE;
        TrainingConfig quick = training(30, 1e-3, 32, WARMUP_STEPS);
        return List.of(
                new Entry("mlp", "flat MLP", 0, FlatMlp.Config.DEFAULT, quick, none),
                new Entry("statnn", "StatNN", 0, StatNn.Config.DEFAULT, quick, none),
                new Entry(
                        "probegen",
                        "ProbeGen-style",
                        ProbeGen.Config.DEFAULT.probes(),
                        ProbeGen.Config.DEFAULT,
                        quick,
                        none),
                new Entry("ng-gnn-0", "NG-GNN", 0, NG_GNN, training(40, 2e-3, 16, SLOW_WARMUP_STEPS), none),
                new Entry(
                        "ng-gnn-64",
                        "NG-GNN",
                        PROBES,
                        NG_GNN.withProbes(PROBES),
                        training(15, 2e-3, 16, WARMUP_STEPS),
                        none));
    }

    private static TrainingConfig training(int epochs, double rate, int batch, int warmupSteps) {
        return new TrainingConfig(
                epochs, batch, batch, rate, 5e-4, true, warmupSteps, TrainingConfig.Schedule.COSINE, 10, 0);
    }
}
