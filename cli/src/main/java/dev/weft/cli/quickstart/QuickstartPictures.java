package dev.weft.cli.quickstart;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.checkpoints.Zoo;
import dev.weft.cli.model.Evaluation;
import dev.weft.cli.plot.BarPlot;
import dev.weft.cli.plot.ConfusionPlot;
import dev.weft.cli.plot.CurvePlot;
import dev.weft.cli.plot.ImageGrid;
import dev.weft.cli.plot.PictureFiles;
import dev.weft.datasets.image.ImageSource;
import dev.weft.datasets.inr.InrRenderer;
import dev.weft.graph.ParameterGraph;
import dev.weft.graph.ParameterGraphSvg;
import dev.weft.metanets.task.RunDirectory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The pictures of a quickstart, each a file in one folder. */
final class QuickstartPictures {

    /** Digits beside their networks' renderings. */
    private static final int SHOWN = 10;

    /** Pixels of a network's rendering along each axis: finer than its image, since a network has no pixels. */
    private static final int FINE = 64;

    private final Path folder;
    private final QuickstartPlan plan;
    private final List<String> written = new ArrayList<>();

    QuickstartPictures(Path folder, QuickstartPlan plan) throws IOException {
        this.folder = folder;
        this.plan = plan;
        Files.createDirectories(folder);
    }

    /** Returns the names of the files. */
    List<String> written() {
        return List.copyOf(written);
    }

    void parameterGraph(Zoo zoo) throws IOException {
        String svg = ParameterGraphSvg.of(
                ParameterGraph.of(zoo.header().architecture()),
                zoo.parameters(0),
                "Parameter graph of " + zoo.id(0) + ", a network that shows a " + className(zoo, 0));
        Files.writeString(folder.resolve("parameter-graph.svg"), svg);
        written.add("parameter-graph.svg");
    }

    /** One digit of each class: its pixels, its network on the same pixels, and its network on a fine grid. */
    void reconstructions(Zoo zoo) throws IOException {
        ImageSource images = plan.images();
        int[] rows = oneOfEach(zoo);
        List<ImageGrid.Tile> originals = new ArrayList<>();
        for (int row : rows) {
            originals.add(tile(images.height(), images.width(), images.image(row)));
        }
        List<ImageGrid.Tile> same = render(zoo, rows, images.height(), images.width());
        List<ImageGrid.Tile> fine = render(zoo, rows, FINE, FINE);
        List<String> decibels = Arrays.stream(rows)
                .mapToObj(row -> String.format(Locale.ROOT, "%.1f dB", zoo.metric("psnr", row)))
                .toList();
        picture(
                "reconstructions.png",
                () -> ImageGrid.draw(
                        "Digits and the networks fitted to them",
                        List.of(
                                new ImageGrid.Row(
                                        "image, " + size(images.height(), images.width()), originals, List.of()),
                                new ImageGrid.Row("network, " + size(images.height(), images.width()), same, decibels),
                                new ImageGrid.Row("network, " + size(FINE, FINE), fine, List.of()))));
    }

    private static String size(int height, int width) {
        return height + " x " + width;
    }

    private static int[] oneOfEach(Zoo zoo) {
        int classes = Math.min(SHOWN, zoo.header().classes().size());
        int[] rows = new int[classes];
        for (int c = 0; c < classes; c++) {
            int row = 0;
            while (row < zoo.size() - 1 && zoo.label(row) != c) {
                row++;
            }
            rows[c] = row;
        }
        return rows;
    }

    private List<ImageGrid.Tile> render(Zoo zoo, int[] rows, int height, int width) {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            InrRenderer renderer = new InrRenderer(plan.recipe(), plan.images().channels());
            NDArray values = renderer.render(zoo.parameters(manager, rows), height, width);
            List<ImageGrid.Tile> tiles = new ArrayList<>();
            float[] flat = values.toFloatArray();
            int size = flat.length / rows.length;
            for (int i = 0; i < rows.length; i++) {
                tiles.add(tile(height, width, Arrays.copyOfRange(flat, i * size, (i + 1) * size)));
            }
            return tiles;
        }
    }

    private ImageGrid.Tile tile(int height, int width, float[] values) {
        return new ImageGrid.Tile(height, width, plan.images().channels(), values);
    }

    /** Validation accuracy and training loss of every run over its epochs. */
    void curves(List<RunDirectory> runs, List<String> labels) throws IOException {
        List<CurvePlot.Series> accuracy = new ArrayList<>();
        List<CurvePlot.Series> loss = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            List<JsonNode> epochs = runs.get(i).metrics();
            accuracy.add(series(labels.get(i), epochs, "val_accuracy", 100));
            loss.add(series(labels.get(i), epochs, "train_loss", 1));
        }
        picture(
                "training-curves.png",
                () -> CurvePlot.draw(List.of(
                        new CurvePlot.Panel("Validation accuracy, %", "epoch", accuracy),
                        new CurvePlot.Panel("Training loss", "epoch", loss))));
    }

    private static CurvePlot.Series series(String label, List<JsonNode> epochs, String key, double scale) {
        return new CurvePlot.Series(
                label,
                epochs.stream()
                        .mapToDouble(epoch -> epoch.path("epoch").asDouble())
                        .toArray(),
                epochs.stream()
                        .mapToDouble(epoch -> scale * epoch.path(key).asDouble())
                        .toArray());
    }

    void confusion(String label, Evaluation evaluation) throws IOException {
        long[][] counts = Arrays.stream(evaluation.confusion())
                .map(row -> Arrays.stream(row).asLongStream().toArray())
                .toArray(long[][]::new);
        picture(
                "confusion.png",
                () -> ConfusionPlot.draw(label + " on the test networks", counts, evaluation.classes()));
    }

    void accuracies(List<String> labels, List<Double> accuracies) throws IOException {
        List<BarPlot.Bar> bars = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            double percent = 100 * accuracies.get(i);
            bars.add(new BarPlot.Bar(labels.get(i), percent, String.format(Locale.ROOT, "%.1f %%", percent)));
        }
        picture("accuracy.png", () -> BarPlot.draw("Which digit does this network show? Test accuracy", 100, bars));
    }

    private void picture(String name, Supplier<BufferedImage> drawing) throws IOException {
        if (PictureFiles.write(folder.resolve(name), drawing)) {
            written.add(name);
        }
    }

    private static String className(Zoo zoo, int row) {
        return zoo.header().classes().get(zoo.label(row));
    }
}
