package dev.weft.cli.model;

import ai.djl.ndarray.NDManager;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.DeviceOption;
import dev.weft.cli.options.Output;
import dev.weft.cli.report.Table;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.task.Evaluator;
import dev.weft.metanets.task.RowSource;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code weft predict}. */
@Command(
        name = "predict",
        description = {
            "Ask a trained metanet about networks from elsewhere: safetensors, PyTorch or ONNX files with PyTorch's names and",
            "layouts (seq.0.weight [out, in], seq.0.bias, ...). Metadata w0 and offset are read if the file has them."
        },
        footer = {"", "Example:", "  weft predict runs/ng64 my-siren.safetensors"})
public final class PredictCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's directory.")
    private Path run;

    @Parameters(index = "1", arity = "1..*", paramLabel = "FILE", description = "Networks, any checkpoints.")
    private List<Path> files;

    @Mixin
    private final DeviceOption device = new DeviceOption();

    @Mixin
    private final Output output = new Output();

    /**
     * The answer for one file.
     *
     * @param file as given
     * @param answer name of the likeliest class
     * @param probability of it
     * @param probabilities of all classes, the likeliest first
     */
    record Prediction(String file, String answer, double probability, Map<String, Double> probabilities) {}

    /** What {@code --json} prints. */
    record Predictions(String run, List<Prediction> predictions) {}

    @Override
    public Integer call() throws IOException {
        RunDirectory directory = RunDirectory.open(run);
        List<float[]> rows = new ArrayList<>();
        for (Path file : files) {
            rows.add(row(file, directory.config().architecture()));
        }
        Predictions predictions = new Predictions(run.toString(), answers(directory, rows));
        output.print(predictions, text -> print(predictions, text));
        return ExitCode.OK;
    }

    private static float[] row(Path path, Architecture expected) throws IOException {
        try (TensorFile file = TensorFile.open(path)) {
            return NetworkRow.read(file, expected);
        }
    }

    private List<Prediction> answers(RunDirectory directory, List<float[]> rows) throws IOException {
        RunConfig config = directory.config();
        int[] all = IntStream.range(0, rows.size()).toArray();
        List<Prediction> predictions = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager(device.get())) {
            Metanet model = directory.load(manager);
            Evaluator evaluator =
                    new Evaluator(model, manager, config.training().microBatchSize());
            float[][] outputs = evaluator.outputs(RowSource.of(rows), all);
            for (int i = 0; i < rows.size(); i++) {
                predictions.add(prediction(files.get(i), outputs[i], config.outputNames()));
            }
        }
        return predictions;
    }

    private static Prediction prediction(Path file, float[] outputs, List<String> classes) {
        ClassAnswer answer = ClassAnswer.of(outputs, classes);
        return new Prediction(file.toString(), answer.answer(), answer.probability(), answer.probabilities());
    }

    private static void print(Predictions predictions, PrintWriter text) {
        Table table = new Table("file", "class", "probability");
        for (Prediction each : predictions.predictions) {
            table.row(each.file, each.answer, String.format(Locale.ROOT, "%.3f", each.probability));
        }
        text.print(table);
    }
}
