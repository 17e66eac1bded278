package dev.weft.cli.symmetry;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.MeanSource;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorDistance;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxWriter;
import dev.weft.checkpoints.format.recognise.NetworkFile;
import dev.weft.cli.checkpoint.MonitoredSource;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.ProgressOption;
import dev.weft.cli.options.RecognitionOptions;
import dev.weft.cli.options.SeedOption;
import dev.weft.cli.options.TargetFile;
import dev.weft.cli.report.Progress;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.nowcast.TaskMerging;
import dev.weft.metanets.nowcast.train.NowcastRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weft merge}. */
@Command(
        name = "merge",
        description = {
            "Make one network of several with the same tensors: their mean, aligned or not, or NiNo's merge of tasks.",
            "  mean     the mean of their values;",
            "  aligned  the mean after their neurons were brought into one order, as weft align does;",
            "  nino     what NiNo or WNN+ makes of networks that were trained from one --base on 2 to 4 tasks.",
            "The merged network has the names, layouts and types of --base or else of the first file. Values are streamed, but"
                    + " for aligned, which must recognise the networks and holds all of them in memory."
        },
        footer = {
            "",
            "Example:",
            "  weft merge a.pt b.pt c.pt --shares 2,1,1 --out soup.pt",
            "  weft merge a.safetensors b.safetensors --method aligned --measure --out merged.safetensors",
            "  weft merge --method nino --base base.pt --weights nino.pt task1.pt task2.pt --out merged.pt"
        })
public final class MergeCommand implements Callable<Integer> {

    /** How networks are merged. */
    enum Method {
        MEAN,
        ALIGNED,
        NINO
    }

    @Parameters(arity = "2..*", paramLabel = "FILE", description = "Checkpoints of one network, of any format.")
    private List<Path> files = List.of();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file to write.")
    private Path out;

    @Option(names = "--force", description = "Replace the file to write if it exists.")
    private boolean force;

    @Option(names = "--method", paramLabel = "NAME", description = "mean, aligned or nino (default: mean).")
    private Method method = Method.MEAN;

    @Option(
            names = "--shares",
            paramLabel = "X",
            split = ",",
            description = "For mean and aligned: how much each file counts, in any unit (default: all the same).")
    private List<Double> shares = List.of();

    @ArgGroup(exclusive = false, heading = "For nino:%n")
    private @Nullable Forecasting forecasting;

    private static final class Forecasting {
        @Option(
                names = "--base",
                paramLabel = "FILE",
                required = true,
                description = "The checkpoint that all training started from.")
        private Path base;

        @Option(
                names = "--weights",
                paramLabel = "FILE",
                required = true,
                description = "The forecasting network: released NiNo or WNN+ weights as .pt or safetensors.")
        private Path weights;

        @Option(
                names = {"--update-scale", "--upd-scale"},
                paramLabel = "FACTOR",
                description = "Factor of the predicted change (default: ${DEFAULT-VALUE}; NiNo's authors: 2.5 for ViT,"
                        + " 0.3 for Qwen 3).")
        private float updateScale = 1;
    }

    @Mixin
    private MatchingOptions matching = new MatchingOptions();

    @Option(
            names = "--measure",
            description = "Measure the loss of each network, of their plain mean and of the merged one, on the built-in"
                    + " digits or --images, or else by outputs on random inputs. The networks must be recognised.")
    private boolean measure;

    @Mixin
    private LossOptions losses = new LossOptions();

    @Mixin
    private RecognitionOptions recognition = new RecognitionOptions();

    @Mixin
    private SeedOption seed = new SeedOption();

    @Mixin
    private ProgressOption progress = new ProgressOption();

    @Mixin
    private Output output = new Output();

    @Spec
    private CommandSpec command;

    /**
     * The merged network before it is written.
     *
     * @param parts what it is compared with: the files' tensors, moved for aligned
     * @param model the forecasting network's name
     */
    private record Merged(
            TensorSource tensors,
            List<? extends TensorSource> parts,
            @Nullable String model) {}

    @Override
    public Integer call() throws IOException {
        double[] checked = checkOptions();
        List<Path> paths = new ArrayList<>(files);
        if (forecasting != null) {
            paths.add(0, forecasting.base);
        }
        boolean recognised = measure || method == Method.ALIGNED;
        try (MergeInputs inputs = MergeInputs.open(paths, recognised ? recognition.hints() : null)) {
            TensorFormat format = format(inputs);
            MergeReport report;
            if (measure || (method == Method.ALIGNED && matching.by() == MatchingOptions.By.ACTIVATIONS)) {
                try (NetworkLoss loss = losses.open(inputs.networks().get(0).architecture(), seed.get())) {
                    report = merge(inputs, checked, loss, format);
                }
            } else {
                report = merge(inputs, checked, null, format);
            }
            output.print(report, text -> text.print(report.text()));
        }
        return ExitCode.OK;
    }

    /** Returns the files' shares with a sum of 1. */
    private double[] checkOptions() {
        if ((method == Method.NINO) != (forecasting != null)) {
            throw refused(
                    forecasting == null
                            ? "--method nino needs --base and --weights"
                            : "--base, --weights and --update-scale are for --method nino");
        }
        if (shares.isEmpty()) {
            double[] equal = new double[files.size()];
            Arrays.fill(equal, 1.0 / files.size());
            return equal;
        }
        if (method == Method.NINO) {
            throw refused("--shares is not for --method nino");
        }
        double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
        boolean sound = sum > 0 && Double.isFinite(sum) && shares.stream().allMatch(share -> share >= 0);
        if (!sound || shares.size() != files.size()) {
            throw refused(
                    "--shares: expected " + files.size() + " numbers of 0 or more, not all of them 0, found " + shares);
        }
        return shares.stream().mapToDouble(share -> share / sum).toArray();
    }

    private ParameterException refused(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private TensorFormat format(MergeInputs inputs) throws IOException {
        TensorFormat format = TensorFormat.forName(out)
                .filter(each -> List.of("safetensors", "pytorch").contains(each.name())
                        || (each.name().equals("onnx") && inputs.first() instanceof OnnxFile))
                .orElseThrow(() -> refused("--out: expected a name that ends in .safetensors or .pt, or in .onnx if "
                        + inputs.first().file() + " is an ONNX model, found '" + out + "'"));
        TargetFile.check(out, force);
        return format;
    }

    private MergeReport merge(MergeInputs inputs, double[] checked, @Nullable NetworkLoss loss, TensorFormat format)
            throws IOException {
        Merged merged = merged(inputs, checked, loss);
        long bytes = merged.tensors.tensors().values().stream()
                .mapToLong(NamedTensor::byteLength)
                .sum();
        try (Progress line = progress.start("Writing", bytes, "bytes")) {
            TensorSource monitored = new MonitoredSource(merged.tensors, line::update);
            if (format.name().equals("onnx")) {
                OnnxWriter.write((OnnxFile) inputs.first(), monitored, out);
            } else {
                format.write(monitored, out);
            }
        }
        try (TensorFile written = TensorFile.open(out)) {
            return report(inputs, merged, written, checked, loss);
        }
    }

    private Merged merged(MergeInputs inputs, double[] checked, @Nullable NetworkLoss loss) throws IOException {
        List<TensorFile> parts = inputs.files();
        if (forecasting != null) {
            NowcastModel model = NowcastRun.loadForReference(forecasting.weights);
            TaskMerging merging = new TaskMerging(model, forecasting.updateScale);
            try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
                TensorSource tensors = merging.merge(manager, inputs.first(), parts.subList(1, parts.size()));
                return new Merged(tensors, parts, model.name());
            }
        }
        if (method == Method.MEAN) {
            return new Merged(new MeanSource(inputs.first(), parts, checked), parts, null);
        }
        List<TensorSource> moved = new CommonOrder(inputs.networks(), matching).moved(loss, seed.get(), progress);
        return new Merged(new MeanSource(inputs.first(), moved, checked), moved, null);
    }

    private MergeReport report(
            MergeInputs inputs, Merged merged, TensorFile written, double[] checked, @Nullable NetworkLoss loss)
            throws IOException {
        Measured measured = measure && loss != null ? measure(inputs, written, loss) : Measured.NOTHING;
        List<MergeReport.Merged> networks = new ArrayList<>();
        try (Progress line = progress.start("Comparing", merged.parts.size(), "files")) {
            for (int i = 0; i < merged.parts.size(); i++) {
                networks.add(new MergeReport.Merged(
                        inputs.files().get(i).file().toString(),
                        forecasting == null ? checked[i] : null,
                        TensorDistance.between(written, merged.parts.get(i)).relative(),
                        measured.files.isEmpty() ? null : measured.files.get(i)));
                line.update(i + 1);
            }
        }
        long values = written.tensors().values().stream()
                .filter(tensor -> tensor.dtype().isFloating())
                .mapToLong(NamedTensor::elements)
                .sum();
        return new MergeReport(
                method.name().toLowerCase(Locale.ROOT), merged.model, values, networks, measured.after, out.toString());
    }

    /** Losses of the files, and of what was made of them. */
    private record Measured(List<Double> files, MergeReport.@Nullable Losses after) {
        static final Measured NOTHING = new Measured(List.of(), null);
    }

    private Measured measure(MergeInputs inputs, TensorFile written, NetworkLoss loss) throws IOException {
        List<Double> files = new ArrayList<>();
        NetworkFile first = inputs.networks().get(0);
        ToDoubleFunction<double[]> from = loss.from(first.doubleRow());
        try (Progress line = progress.start("Measuring", inputs.networks().size() + 2, "networks")) {
            for (NetworkFile network : inputs.networks()) {
                files.add(from.applyAsDouble(network.doubleRow()));
                line.update(files.size());
            }
            List<TensorFile> tasks = inputs.files()
                    .subList(forecasting == null ? 0 : 1, inputs.files().size());
            double mean = from.applyAsDouble(first.doubleRow(MeanSource.of(inputs.first(), tasks)));
            line.update(files.size() + 1);
            double merged = from.applyAsDouble(first.doubleRow(written));
            return new Measured(files, new MergeReport.Losses(loss.name(), merged, mean));
        }
    }
}
