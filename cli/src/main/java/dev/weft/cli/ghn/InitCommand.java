package dev.weft.cli.ghn;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.ZooExport;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.DeviceOption;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.RecognitionOptions;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.options.TargetFile;
import dev.weft.hypernets.ghn.GhnWeights;
import dev.weft.hypernets.ghn.GraphHyperNetwork;
import dev.weft.hypernets.ghn.PredictedNetwork;
import dev.weft.hypernets.ghn.TieBreaking;
import dev.weft.network.Architecture;
import dev.weft.network.family.Families;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft init}. */
@Command(
        name = "init",
        description = {
            "Give an untrained architecture parameters that a graph hypernetwork predicts, and write them as"
                    + " safetensors with the tensor names of the architecture.",
            "--weights is a run of 'weft train --task ghn', or a state dict of the ppuda or ghn3 packages (not tried"
                    + " with their published weights)."
        },
        footer = {
            "",
            "Example:",
            "  weft init --arch net.json --weights runs/ghn2 --out model.safetensors",
            "  weft init --family resnet50 --weights ghn3.pt --out resnet50.safetensors"
        })
public final class InitCommand implements Callable<Integer> {

    @ArgGroup(multiplicity = "1")
    private Subject subject = new Subject();

    private static final class Subject {
        @Option(names = "--arch", paramLabel = "FILE", description = "The architecture, as Weft writes it in JSON.")
        private @Nullable Path arch;

        @Option(
                names = "--family",
                paramLabel = "NAME",
                description = "Or a well-known architecture in its published size, for example resnet50.")
        private @Nullable String family;

        @Override
        public String toString() {
            return family == null ? String.valueOf(arch) : family;
        }
    }

    @Option(names = "--weights", paramLabel = "RUN", required = true, description = "The trained hypernetwork.")
    private Path weights;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The safetensors file to write.")
    private Path out;

    @Option(names = "--force", description = "Replace the file to write if it exists.")
    private boolean force;

    @Option(
            names = "--new-classes",
            description = "Leave the layer that puts out classes untrained: for other classes than the hypernetwork's.")
    private boolean newClasses;

    @Option(
            names = "--break-ties",
            paramLabel = "HOW",
            defaultValue = "noise",
            description = {
                "What is done so that channels that are copies, in layers wider than the hypernetwork's, can learn"
                        + " different things: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
                "noise is far below the weights; orthogonal puts orthonormal columns in their place; none leaves what"
                        + " the hypernetwork says."
            })
    private TieBreaking.Mode ties;

    @Option(
            names = "--break-ties-from",
            paramLabel = "N",
            defaultValue = "1",
            description = "The first weight that is changed, counted along the network (default: ${DEFAULT-VALUE}).")
    private int tiesFrom;

    @Mixin
    private final SeedOption seed = new SeedOption();

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Mixin
    private final Output output = new Output();

    /**
     * What the command reports.
     *
     * @param predicted number of tensors that the hypernetwork wrote
     * @param tiled how many of them repeat channels
     * @param left tensors that keep what untrained networks start from
     * @param seconds of prediction, the graph included
     */
    record Report(
            Path file,
            String architecture,
            long parameters,
            int predicted,
            int tiled,
            List<String> left,
            double seconds) {}

    @Override
    public Integer call() throws IOException {
        TargetFile.check(out, force);
        Architecture architecture = architecture();
        try (NDManager manager = NDManager.newBaseManager(device.get())) {
            GraphHyperNetwork model = GhnWeights.load(weights, manager);
            long start = System.nanoTime();
            PredictedNetwork network = predict(model, manager, architecture);
            double seconds = (System.nanoTime() - start) * 1e-9;
            ZooExport.write(architecture, network.row(), Map.of("predicted_by", weights.toString()), out);
            Report report = new Report(
                    out,
                    architecture.toString(),
                    architecture.parameterCount(),
                    network.predicted().size(),
                    network.tiled().size(),
                    network.left(),
                    seconds);
            output.print(report, text -> print(report, text));
        }
        return ExitCode.OK;
    }

    private PredictedNetwork predict(GraphHyperNetwork model, NDManager manager, Architecture architecture) {
        try {
            return PredictedNetwork.of(
                    model,
                    manager,
                    architecture,
                    newClasses,
                    TieBreaking.of(ties, tiesFrom),
                    seed.get().split("init"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(subject + ": " + e.getMessage(), e);
        }
    }

    private Architecture architecture() throws IOException {
        if (subject.family != null) {
            return Families.named(subject.family).published().get();
        }
        Path file = subject.arch;
        if (file == null) {
            throw new IllegalStateException("picocli sees to it that one of the two is given");
        }
        return RecognitionOptions.architecture(file);
    }

    private static void print(Report report, PrintWriter text) {
        text.printf(
                Locale.ROOT,
                "%s: %,d parameters in %.2f s, %d tensors predicted, %d of them wider than the decoder%n",
                report.file,
                report.parameters,
                report.seconds,
                report.predicted,
                report.tiled);
        if (!report.left.isEmpty()) {
            text.printf("Not predicted: %s%n", shown(report.left));
        }
    }

    private static String shown(List<String> names) {
        int most = 6;
        return names.size() <= most
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, most)) + " and " + (names.size() - most) + " more";
    }
}
