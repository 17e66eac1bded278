package dev.weft.cli.plot;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;

/** Small images in labelled rows, such as originals above their reconstructions, each pixel a square. */
public final class ImageGrid {

    private static final int SIZE = 72;
    private static final int GAP = 6;
    private static final int HEAD = 34;
    private static final int LINE = 16;

    private ImageGrid() {}

    /**
     * A small image.
     *
     * @param height h
     * @param width w
     * @param channels c, 1 for grey or 3 for red, green, blue
     * @param values 0 is black, 1 is full; what is outside is cut off, NaN is black [h, w, c]
     */
    public record Tile(int height, int width, int channels, float[] values) {
        public Tile {
            if (channels != 1 && channels != 3) {
                throw new IllegalArgumentException("expected 1 or 3 channels, found " + channels);
            }
            if (values.length != height * width * channels) {
                throw new IllegalArgumentException(
                        "expected " + height + " x " + width + " x " + channels + " values, found " + values.length);
            }
        }
    }

    /**
     * A row of images.
     *
     * @param label to its left
     * @param tiles from left to right
     * @param captions one below each image, or none
     */
    public record Row(String label, List<Tile> tiles, List<String> captions) {
        public Row {
            tiles = List.copyOf(tiles);
            captions = List.copyOf(captions);
            if (!captions.isEmpty() && captions.size() != tiles.size()) {
                throw new IllegalArgumentException(
                        "row '" + label + "' has " + tiles.size() + " images and " + captions.size() + " captions");
            }
        }
    }

    /** Draws the rows from top to bottom. */
    public static BufferedImage draw(String title, List<Row> rows) {
        int left = 2 * GAP + Canvas.widest(rows.stream().map(Row::label).toList()) + GAP;
        int columns = rows.stream().mapToInt(row -> row.tiles.size()).max().orElse(0);
        int width = Math.max(left + columns * (SIZE + GAP), Canvas.width(title, Canvas.TITLE) + 3 * GAP) + GAP;
        int height = HEAD + rows.stream().mapToInt(ImageGrid::height).sum();
        return Canvas.draw(width, height, graphics -> {
            Canvas.title(graphics, title, 2 * GAP, HEAD - LINE + GAP);
            graphics.translate(left, HEAD);
            for (Row row : rows) {
                Canvas.rightAligned(graphics, row.label, -GAP - GAP / 2, SIZE / 2);
                draw(graphics, row);
                graphics.translate(0, height(row));
            }
        });
    }

    private static int height(Row row) {
        return SIZE + GAP + (row.captions.isEmpty() ? 0 : LINE);
    }

    private static void draw(Graphics2D graphics, Row row) {
        graphics.setRenderingHint(
                RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        for (int column = 0; column < row.tiles.size(); column++) {
            int x = column * (SIZE + GAP);
            Tile tile = row.tiles.get(column);
            double scale = (double) SIZE / Math.max(tile.height, tile.width);
            int width = (int) Math.round(tile.width * scale);
            int height = (int) Math.round(tile.height * scale);
            graphics.drawImage(image(tile), x + (SIZE - width) / 2, (SIZE - height) / 2, width, height, null);
            if (!row.captions.isEmpty()) {
                Canvas.centred(graphics, row.captions.get(column), x + SIZE / 2, SIZE + LINE / 2);
            }
        }
    }

    private static BufferedImage image(Tile tile) {
        BufferedImage image = new BufferedImage(tile.width, tile.height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < tile.height * tile.width; i++) {
            int rgb = 0;
            for (int c = 0; c < 3; c++) {
                int at = tile.channels == 1 ? i : i * 3 + c;
                rgb = rgb << 8 | Math.round(255 * Math.max(0, Math.min(1, tile.values[at])));
            }
            image.setRGB(i % tile.width, i / tile.width, rgb);
        }
        return image;
    }
}
