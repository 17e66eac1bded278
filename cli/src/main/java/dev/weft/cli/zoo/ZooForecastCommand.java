package dev.weft.cli.zoo;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.report.Table;
import dev.weft.datasets.training.ForecastEvaluation;
import dev.weft.datasets.training.ForecastEvaluation.Result;
import dev.weft.datasets.training.ImageClassification;
import dev.weft.datasets.training.LearningTask;
import dev.weft.datasets.training.PixelNormalisation;
import dev.weft.metanets.nowcast.baseline.StateCombination;
import dev.weft.network.Seed;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weft zoo forecast}. */
@Command(
        name = "forecast",
        description =
                "Foretell the parameters of a zoo's held-out training runs by simple rules and by trained networks, and"
                        + " compare with what they became.",
        footer = {
            "",
            "The networks are tested on the data that they were trained for: give the same images or text as to",
            "weft zoo trajectories. An error of 1 is that of saying that nothing will change. Closest and best count the",
            "windows in which no other forecast came closer to the parameters, or had a lower loss.",
            "",
            "Example:",
            "  weft zoo forecast digits-runs --stride 5 --horizons 1,5,10",
            "  weft zoo forecast digits-runs --stride 5 --weights runs/nino --weights nino.pt"
        })
final class ZooForecastCommand implements Callable<Integer> {

    /** States that a forecast is made from, as in NiNo. */
    private static final int STATES = 5;

    /** What the command reports. */
    record Report(Path zoo, Split split, int states, int stride, List<Result> results) {}

    /** A rule by its name. */
    private record Rule(StateCombination combination) implements ForecastEvaluation.Forecaster {
        @Override
        public String name() {
            return combination.label();
        }

        @Override
        public float[] forecast(List<float[]> states, int horizon) {
            return combination.forecast(states, horizon);
        }
    }

    @Parameters(paramLabel = "ZOO", description = "A zoo of trajectories.")
    private Path folder;

    @Option(
            names = "--weights",
            paramLabel = "PATH",
            description =
                    "A network that forecasts: the run of weft train --task nowcast, or released NiNo or WNN+ weights;"
                            + " may be repeated.")
    private final List<Path> weights = new ArrayList<>();

    @Option(
            names = "--split",
            defaultValue = "test",
            description = "Whose runs: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Split split;

    @Option(
            names = "--stride",
            paramLabel = "N",
            defaultValue = "1",
            description = "Networks of the zoo from one state to the next (default: ${DEFAULT-VALUE}).")
    private int stride;

    @Option(
            names = "--horizons",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2,5,10",
            description = "How many strides ahead (default: ${DEFAULT-VALUE}).")
    private List<Integer> horizons;

    @Option(
            names = "--windows",
            paramLabel = "N",
            defaultValue = "4",
            description = "The most forecasts of a run at each horizon (default: ${DEFAULT-VALUE}).")
    private int windows;

    @Option(
            names = "--test-examples",
            paramLabel = "N",
            defaultValue = "1000",
            description = "How many examples each network is tested on, at most (default: ${DEFAULT-VALUE}).")
    private int testExamples;

    @Mixin
    private final TaskOptions data = new TaskOptions();

    @Mixin
    private final Output output = new Output();

    @Override
    public Integer call() throws IOException {
        try (Zoo zoo = Zoo.open(folder);
                NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            ForecastEvaluation evaluation = new ForecastEvaluation(
                    zoo,
                    task(zoo.header().provenance()),
                    new ForecastEvaluation.Settings(split, STATES, stride, horizons, windows, testExamples));
            List<ForecastEvaluation.Forecaster> forecasters = new ArrayList<>();
            for (StateCombination combination : StateCombination.values()) {
                forecasters.add(new Rule(combination));
            }
            for (Path path : weights) {
                forecasters.add(
                        NetworkForecaster.open(path, manager, zoo.header().architecture(), horizons));
            }
            List<Result> results = evaluation.evaluate(manager, forecasters);
            Report report = new Report(folder, split, STATES, stride, results);
            output.print(report, text -> print(report, text));
        }
        return ExitCode.OK;
    }

    private static void print(Report report, PrintWriter text) {
        Table table = new Table(
                "forecast", "horizon", "windows", "error", "closest", "loss", "best", "accuracy", "loss in training");
        for (Result result : report.results()) {
            table.row(
                    result.forecaster(),
                    result.horizon(),
                    result.windows(),
                    decimal("%.3f", result.error()),
                    result.closest(),
                    decimal("%.4f", result.loss()),
                    result.lowestLoss(),
                    decimal("%.1f %%", 100 * result.accuracy()),
                    decimal("%.4f", result.trueLoss()));
        }
        text.print(table);
    }

    private static String decimal(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** Makes the task anew that the zoo's networks were trained for. */
    private LearningTask task(Map<String, String> told) throws IOException {
        LearningTask task = told.containsKey("text.length")
                ? data.text(folder, (int) number(told, "text.length"), number(told, "text.test"))
                : data.images(folder, imageSettings(told));
        task.provenance().forEach((key, value) -> {
            if (!value.equals(told.get(key))) {
                throw new IllegalArgumentException(folder + ": the networks were trained with " + key + " "
                        + told.get(key) + ", the data given here have " + value);
            }
        });
        return task;
    }

    private ImageClassification.Settings imageSettings(Map<String, String> told) {
        boolean isTestGiven = "given".equals(told.get("images.test"));
        return new ImageClassification.Settings(
                isTestGiven ? 0 : number(told, "images.test"),
                number(told, "images.held_out"),
                new PixelNormalisation(numbers(told, "images.mean"), numbers(told, "images.deviation")),
                new Seed(Long.parseLong(text(told, "seed"))));
    }

    private double number(Map<String, String> told, String key) {
        return Double.parseDouble(text(told, key));
    }

    private List<Double> numbers(Map<String, String> told, String key) {
        String list = text(told, key);
        return Arrays.stream(list.substring(1, list.length() - 1).split(", "))
                .map(Double::valueOf)
                .toList();
    }

    private String text(Map<String, String> told, String key) {
        String value = told.get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    folder + ": expected a zoo by weft zoo trajectories, its provenance lacks '" + key + "'");
        }
        return value;
    }
}
