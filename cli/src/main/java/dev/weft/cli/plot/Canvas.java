package dev.weft.cli.plot;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.function.Consumer;

/**
 * The look that all pictures share: white ground, dark grey text, and the palette of Okabe and Ito (2008), which people
 * with any colour vision can tell apart. Pictures are drawn at twice their nominal size.
 */
final class Canvas {

    static final int SCALE = 2;
    static final Color TEXT = new Color(0x333333);
    static final Color FAINT = new Color(0xdddddd);
    static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    /** Blue, vermilion, green, purple, orange, sky blue, black, yellow. */
    static final List<Color> COLOURS = List.of(
            new Color(0x0072b2),
            new Color(0xd55e00),
            new Color(0x009e73),
            new Color(0xcc79a7),
            new Color(0xe69f00),
            new Color(0x56b4e9),
            new Color(0x000000),
            new Color(0xf0e442));

    private Canvas() {}

    /** Returns a picture of {@code width x height} points with what {@code drawing} draws in points. */
    static BufferedImage draw(int width, int height, Consumer<Graphics2D> drawing) {
        BufferedImage picture = new BufferedImage(width * SCALE, height * SCALE, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.scale(SCALE, SCALE);
            graphics.setColor(Color.WHITE);
            graphics.fillRect(0, 0, width, height);
            graphics.setColor(TEXT);
            graphics.setFont(PLAIN);
            drawing.accept(graphics);
        } finally {
            graphics.dispose();
        }
        return picture;
    }

    /** Returns how wide a text is in points. */
    static int width(String text, Font font) {
        AffineTransform scale = AffineTransform.getScaleInstance(SCALE, SCALE);
        FontRenderContext context = new FontRenderContext(scale, true, false);
        return (int) Math.ceil(font.getStringBounds(text, context).getWidth());
    }

    /** Returns the width of the widest text in points, 0 for none. */
    static int widest(List<String> texts) {
        return texts.stream().mapToInt(text -> width(text, PLAIN)).max().orElse(0);
    }

    /** Writes a line in the title font. */
    static void title(Graphics2D graphics, String text, int x, int baseline) {
        graphics.setFont(TITLE);
        graphics.drawString(text, x, baseline);
        graphics.setFont(PLAIN);
    }

    /** Writes a text around the middle of a point, in both directions. */
    static void centred(Graphics2D graphics, String text, int x, int y) {
        int width = graphics.getFontMetrics().stringWidth(text);
        graphics.drawString(text, x - width / 2, y + graphics.getFontMetrics().getAscent() / 2 - 1);
    }

    /** Writes a text that ends at {@code right}, around the middle of {@code y}. */
    static void rightAligned(Graphics2D graphics, String text, int right, int y) {
        int width = graphics.getFontMetrics().stringWidth(text);
        graphics.drawString(text, right - width, y + graphics.getFontMetrics().getAscent() / 2 - 1);
    }
}
