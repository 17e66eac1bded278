package dev.weft.cli.nowcast;

import ai.djl.ndarray.NDManager;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.DeviceOption;
import dev.weft.cli.options.Output;
import dev.weft.cli.options.RecognitionOptions;
import dev.weft.cli.options.TargetFile;
import dev.weft.metanets.nowcast.FileForecaster;
import dev.weft.metanets.nowcast.ForecastSettings;
import dev.weft.metanets.nowcast.NowcastModel;
import dev.weft.metanets.nowcast.Trajectory;
import dev.weft.metanets.nowcast.train.ForecasterConfig.Wiring;
import dev.weft.metanets.nowcast.train.NowcastRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code weft nowcast}. */
@Command(
        name = "nowcast",
        description = {
            "Forecast the parameters of a network in training from five states of it, with NiNo or WNN+.",
            "The states are evenly spaced in steps; a horizon of k means k times the steps between two. Weights are the released"
                    + " ones or a run of 'weft train --task nowcast'. With --watch, a training script in another process writes"
                    + " numbered checkpoints to a folder, and forecasts appear beside them."
        },
        footer = {
            "",
            "Example:",
            "  weft nowcast --weights nino.pt --states s1.pt s2.pt s3.pt s4.pt s5.pt --out s6.pt",
            "  weft nowcast --weights own.pt --wiring corrected --states s1.pt s2.pt s3.pt s4.pt s5.pt --out s6.pt",
            "  weft nowcast --weights nino.pt --zoo runs --rows a1,a2,a3,a4,a5 --out next.pt",
            "  weft nowcast --weights nino.pt --watch checkpoints --schedule 10"
        })
public final class NowcastCommand implements Callable<Integer> {

    @Option(
            names = "--weights",
            paramLabel = "PATH",
            required = true,
            description = "The forecasting network: released NiNo or WNN+ weights as .pt or safetensors, or the run of"
                    + " weft train --task nowcast.")
    private Path weights;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private final Source source = new Source();

    /** Where states come from. */
    private static final class Source {
        @Option(
                names = "--states",
                paramLabel = "FILE",
                split = ",",
                arity = "1..*",
                description = "Five checkpoints of one network, oldest first: safetensors or .pt.")
        private @Nullable List<Path> states;

        @ArgGroup(exclusive = false)
        private @Nullable ZooRows zoo;

        @ArgGroup(exclusive = false)
        private @Nullable WatchOptions watch;
    }

    @Option(names = "--out", paramLabel = "FILE", description = "The forecast to write: .safetensors or .pt.")
    private @Nullable Path out;

    @Option(names = "--force", description = "Replace the file to write if it exists.")
    private boolean force;

    @Option(
            names = "--horizon",
            paramLabel = "K",
            description = "How far to look ahead, 1 to 40 with the released weights (default: ${DEFAULT-VALUE}).")
    private int horizon = ForecastSettings.HORIZON_DEFAULT;

    @Option(
            names = "--update-scale",
            paramLabel = "FACTOR",
            description = "Factor of the predicted change (default: ${DEFAULT-VALUE}).")
    private float updateScale = 1;

    @Option(
            names = "--wiring",
            paramLabel = "NAME",
            description = {
                "reference: the graph that the released weights were trained on, flaws included;",
                "corrected: true connections in both directions, for weights trained on them; networks in files",
                "must be recognised, as by weft inspect (default: as a run was trained; reference for released weights)."
            })
    private @Nullable Wiring wiring;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "Take only the tensors of files whose names begin so, for example model_state_dict.")
    private String prefix = "";

    @Mixin
    private final RecognitionOptions recognition = new RecognitionOptions();

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Mixin
    private final Output output = new Output();

    @Spec
    private CommandSpec command;

    /** What the command reports. */
    record Report(Path out, String model, int horizon, long parameters, int nodes, long edges, double seconds) {}

    @Override
    public Integer call() throws IOException {
        Wiring chosen = wiring == null ? NowcastRun.wiring(weights) : wiring;
        checkOptions(chosen);
        NowcastModel model = NowcastModel.load(weights);
        // without an encoding the heads' number has no influence
        FileForecaster forecaster = new FileForecaster(model, OptionalInt.empty(), prefix);
        ForecastSettings settings = ForecastSettings.horizon(horizon).withUpdateScale(updateScale);
        try (NDManager manager = NDManager.newBaseManager(device.get())) {
            if (source.watch != null) {
                return source.watch.run(forecaster, manager, settings, output);
            }
            Path target = target();
            long start = System.nanoTime();
            FileForecaster.Result result;
            if (source.zoo != null) {
                result = source.zoo.forecast(forecaster, manager, chosen == Wiring.CORRECTED, settings, target);
            } else if (chosen == Wiring.CORRECTED) {
                try (RecognisedStates states = RecognisedStates.open(states(), recognition.hints())) {
                    result = states.forecast(model, manager, settings, target);
                }
            } else {
                result = forecaster.forecast(manager, states(), settings, target);
            }
            report(target, model, result, (System.nanoTime() - start) * 1e-9);
        }
        return ExitCode.OK;
    }

    private void checkOptions(Wiring chosen) {
        if (source.watch == null && out == null) {
            throw refused("Missing required option: '--out=FILE'");
        }
        if (source.watch != null && out != null) {
            throw refused("--out is not for --watch, which writes to the watched folder");
        }
        if (chosen == Wiring.CORRECTED && (source.watch != null || !prefix.isEmpty())) {
            throw refused("--wiring corrected is not for --watch or --prefix");
        }
        if (chosen == Wiring.REFERENCE && recognition.given()) {
            throw refused("what a network is, is asked for --wiring corrected only; the reference goes by tensors");
        }
        if (source.states != null && source.states.size() != Trajectory.STATES) {
            throw refused(
                    "--states: expected " + Trajectory.STATES + " files, oldest first, found " + source.states.size());
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(command.commandLine(), message);
    }

    private List<Path> states() {
        return source.states == null ? new ArrayList<>() : source.states;
    }

    private Path target() throws IOException {
        Path target = out == null ? Path.of("") : out;
        FileForecaster.format(target);
        TargetFile.check(target, force);
        return target;
    }

    private void report(Path target, NowcastModel model, FileForecaster.Result result, double seconds) {
        Report report =
                new Report(target, model.name(), horizon, result.parameters(), result.nodes(), result.edges(), seconds);
        output.print(
                report,
                text -> text.printf(
                        Locale.ROOT,
                        "%,d parameters forecast by %s, horizon %d, in %.1f s, written to %s%n",
                        report.parameters,
                        report.model,
                        report.horizon,
                        report.seconds,
                        report.out));
    }
}
