package dev.weft.graph;

import java.util.Locale;

/** A growing SVG document: a few shapes, numbers with at most two decimals, text escaped. */
final class Svg {

    private final StringBuilder text = new StringBuilder();

    Svg(double width, double height, String title) {
        text.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
                .append(number(width))
                .append(' ')
                .append(number(height))
                .append("\" width=\"")
                .append(number(width))
                .append("\" height=\"")
                .append(number(height))
                .append("\" font-family=\"Inter, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif\" role=\"img\">\n");
        text.append("<title>").append(escape(title)).append("</title>\n");
    }

    /** Appends finished markup. */
    Svg raw(String markup) {
        text.append(markup).append('\n');
        return this;
    }

    Svg rectangle(double x, double y, double width, double height, String attributes) {
        return raw("<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\""
                + number(height) + "\" " + attributes + "/>");
    }

    Svg circle(double x, double y, double radius, String attributes) {
        return raw("<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"" + number(radius) + "\""
                + (attributes.isEmpty() ? "" : " " + attributes) + "/>");
    }

    Svg text(double x, double y, String words, String attributes) {
        return raw("<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + attributes + ">" + escape(words)
                + "</text>");
    }

    /** Opens a group; close it with {@link #end()}. */
    Svg group(String attributes) {
        return raw("<g " + attributes + ">");
    }

    Svg end() {
        return raw("</g>");
    }

    /** Returns the whole document. */
    String document() {
        return text + "</svg>\n";
    }

    /** Returns a coordinate with at most one decimal. */
    static String number(double value) {
        double rounded = Math.rint(value * 10) / 10;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    /** Returns a fraction with at most two decimals. */
    static String fraction(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    }

    /** Returns words with XML's own characters escaped and those that XML can't hold replaced. */
    static String escape(String words) {
        StringBuilder legal = new StringBuilder();
        words.codePoints()
                .map(c -> c < ' ' || (c >= 0xd800 && c < 0xe000) || c == 0xfffe || c == 0xffff ? 0xfffd : c)
                .forEach(legal::appendCodePoint);
        return legal.toString()
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
