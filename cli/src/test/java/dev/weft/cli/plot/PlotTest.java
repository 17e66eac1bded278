package dev.weft.cli.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.network.Seed;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Draws each kind of picture once; {@code -Dweft.pictures=FOLDER} keeps them to be looked at. */
class PlotTest {

    @TempDir
    private Path temporary;

    @BeforeAll
    static void needsFonts() {
        Assumptions.assumeTrue(PictureFiles.available(), "Java finds no fonts");
    }

    private BufferedImage written(String name, BufferedImage picture) throws IOException {
        Path file = Path.of(System.getProperty("weft.pictures", temporary.toString()), name);
        assertTrue(PictureFiles.write(file, () -> picture));
        BufferedImage read = ImageIO.read(file.toFile());
        assertEquals(picture.getWidth(), read.getWidth());
        return read;
    }

    @Test
    void curvesHaveTheColoursOfThePaletteInOrder() throws IOException {
        double[] x = new double[30];
        double[] loss = new double[30];
        double[] accuracy = new double[30];
        for (int i = 0; i < x.length; i++) {
            x[i] = i + 1;
            loss[i] = 2.3 * Math.exp(-i / 6.0) + 0.1;
            accuracy[i] = 1 - 0.9 * Math.exp(-i / 5.0);
        }
        BufferedImage picture = written(
                "curves.png",
                CurvePlot.draw(List.of(
                        new CurvePlot.Panel(
                                "Loss",
                                "epoch",
                                List.of(
                                        new CurvePlot.Series("training", x, loss),
                                        new CurvePlot.Series("validation", x, accuracy))),
                        new CurvePlot.Panel(
                                "Accuracy", "epoch", List.of(new CurvePlot.Series("validation", x, accuracy))))));
        assertTrue(count(picture, new Color(0x0072b2)) > 200, "first line");
        assertTrue(count(picture, new Color(0xd55e00)) > 200, "second line");
    }

    @Test
    void aFullCellOfTheConfusionMatrixIsFullColour() throws IOException {
        long[][] counts = new long[10][10];
        for (int i = 0; i < 10; i++) {
            counts[i][i] = 170;
            counts[i][(i * 3 + 1) % 10] += 5 * i;
        }
        List<String> digits = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        BufferedImage picture =
                written("confusion.png", ConfusionPlot.draw("NG-GNN, 64 probes: 1,925 test networks", counts, digits));
        assertTrue(count(picture, new Color(0x0072b2)) > 1000, "cell of class 0");
    }

    @Test
    void aConfusionMatrixMustBeSquare() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> ConfusionPlot.draw("", new long[][] {{1, 2}, {3}}, List.of("a", "b")));
        assertEquals("expected 2 x 2 counts for 2 classes", e.getMessage());
    }

    @Test
    void pixelsOfAGridAreSharpSquares() throws IOException {
        RandomGenerator random = new Seed(7).random();
        float[] noise = new float[64];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextFloat();
        }
        ImageGrid.Tile grey = new ImageGrid.Tile(8, 8, 1, noise);
        ImageGrid.Tile red = new ImageGrid.Tile(1, 2, 3, new float[] {2, 0, -1, 0, 0, Float.NaN});
        BufferedImage picture = written(
                "grid.png",
                ImageGrid.draw(
                        "Digits and what their networks remember",
                        List.of(
                                new ImageGrid.Row("original", List.of(grey, grey, red), List.of()),
                                new ImageGrid.Row(
                                        "network",
                                        List.of(grey, grey, red),
                                        List.of("31.2 dB", "28.0 dB", "35.1 dB")))));
        assertEquals(2 * 36 * 36 * 4, count(picture, Color.RED), "two red halves, each 36 x 36 points at 4 pixels");
    }

    @Test
    void barsAreAsLongAsTheirValues() throws IOException {
        BufferedImage picture = written(
                "bars.png",
                BarPlot.draw(
                        "Test accuracy",
                        1,
                        List.of(
                                new BarPlot.Bar("flat MLP", 0.25, "25.0 %"),
                                new BarPlot.Bar("StatNN", 0.4, "40.0 %"),
                                new BarPlot.Bar("NG-GNN, 64 probes", 0.88, "88.0 %"))));
        assertEquals(1, (double) count(picture, new Color(0x0072b2)) / (1.53 * 380 * 22 * 4), 0.01);
    }

    @Test
    void barsRefuseWhatHasNoLength() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new BarPlot.Bar("a", Double.NaN, ""));
        assertEquals("bar 'a': expected a value from 0, found NaN", e.getMessage());
    }

    private static int count(BufferedImage picture, Color colour) {
        int count = 0;
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                count += picture.getRGB(x, y) == colour.getRGB() ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void pointsAreWhereTheyAre() throws IOException {
        BufferedImage picture = written(
                "points.png",
                PointPlot.draw(
                        "Accuracy",
                        100,
                        List.of(
                                new PointPlot.Row("one", new double[] {10, 90}, "50 %"),
                                new PointPlot.Row("two", new double[] {30}, "30 %"))));
        assertTrue(count(picture, new Color(0x0072b2)) > 3 * 100, "three points of 16 x 16 pixels");
        assertEquals(
                "line 'x' has no points",
                assertThrows(IllegalArgumentException.class, () -> new PointPlot.Row("x", new double[0], ""))
                        .getMessage());
        assertEquals(
                "line 'x': expected values from 0, found -1.0",
                assertThrows(IllegalArgumentException.class, () -> new PointPlot.Row("x", new double[] {-1}, ""))
                        .getMessage());
    }
}
