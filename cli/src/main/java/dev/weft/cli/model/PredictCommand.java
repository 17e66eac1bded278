package dev.weft.cli.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.weft.checkpoints.format.InrRecogniser;
import dev.weft.checkpoints.format.Safetensors;
import dev.weft.cli.exit.ExitCode;
import dev.weft.cli.options.Output;
import dev.weft.cli.report.Table;
import dev.weft.metanets.model.Metanet;
import dev.weft.metanets.task.Evaluator;
import dev.weft.metanets.task.InrClassification;
import dev.weft.metanets.task.RunConfig;
import dev.weft.metanets.task.RunDirectory;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.Layer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
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
            "Ask a trained metanet about networks from elsewhere: safetensors files with PyTorch names and layouts",
            "(seq.0.weight [out, in], seq.0.bias, ...). Metadata w0 and offset are read if the file has them."
        },
        footer = {"", "Example:", "  weft predict runs/ng64 my-siren.safetensors"})
public final class PredictCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's directory.")
    private Path run;

    @Parameters(index = "1", arity = "1..*", paramLabel = "FILE", description = "Networks as safetensors.")
    private List<Path> files;

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
        try (Safetensors file = Safetensors.open(path)) {
            InrRecogniser.Recognised found = InrRecogniser.siren(file, w0(expected), offset(expected));
            if (!found.architecture().equals(expected)) {
                throw new FormatException.Unsupported(
                        path.toString(),
                        "the run reads " + describe(expected) + ", found " + describe(found.architecture()));
            }
            return found.row();
        }
    }

    private static String describe(Architecture architecture) {
        return architecture + " (w0 " + w0(architecture) + ", offset " + offset(architecture) + ")";
    }

    private static double w0(Architecture architecture) {
        return architecture.nodes().stream()
                .map(Architecture.Node::layer)
                .filter(Layer.Sine.class::isInstance)
                .mapToDouble(layer -> ((Layer.Sine) layer).w0())
                .findFirst()
                .orElse(1);
    }

    private static double offset(Architecture architecture) {
        return architecture.nodes().stream()
                .map(Architecture.Node::layer)
                .filter(Layer.Offset.class::isInstance)
                .mapToDouble(layer -> ((Layer.Offset) layer).value())
                .findFirst()
                .orElse(0);
    }

    private List<Prediction> answers(RunDirectory directory, List<float[]> rows) throws IOException {
        RunConfig config = directory.config();
        int width = Math.toIntExact(config.architecture().parameterCount());
        int[] all = IntStream.range(0, rows.size()).toArray();
        List<Prediction> predictions = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager(Device.cpu())) {
            Metanet model = directory.load(manager);
            Evaluator evaluator =
                    new Evaluator(model, manager, config.training().microBatchSize());
            float[][] outputs = evaluator.outputs(
                    (sub, indices, seed) -> sub.create(flat(rows, indices, width), new Shape(indices.length, width)),
                    all);
            for (int i = 0; i < rows.size(); i++) {
                predictions.add(prediction(files.get(i), outputs[i], config.outputNames()));
            }
        }
        return predictions;
    }

    private static float[] flat(List<float[]> rows, int[] indices, int width) {
        float[] flat = new float[indices.length * width];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(rows.get(indices[i]), 0, flat, i * width, width);
        }
        return flat;
    }

    private static Prediction prediction(Path file, float[] outputs, List<String> classes) {
        double[] probabilities = InrClassification.probabilities(outputs);
        Map<String, Double> sorted = new LinkedHashMap<>();
        IntStream.range(0, classes.size())
                .boxed()
                .sorted(Comparator.comparingDouble(c -> -probabilities[c]))
                .forEach(c -> sorted.put(classes.get(c), probabilities[c]));
        int best = InrClassification.argMax(outputs);
        return new Prediction(file.toString(), classes.get(best), probabilities[best], sorted);
    }

    private static void print(Predictions predictions, PrintWriter text) {
        Table table = new Table("file", "class", "probability");
        for (Prediction each : predictions.predictions) {
            table.row(each.file, each.answer, String.format(Locale.ROOT, "%.3f", each.probability));
        }
        text.print(table);
    }
}
