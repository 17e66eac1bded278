package dev.weft.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A text table: a header, a rule, and columns aligned to the right where all their cells are numbers. */
public final class Table {

    private static final String GAP = "  ";

    /** A number, perhaps with a unit behind a blank. */
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9,.]*([eE][-+]?[0-9]+)?( .*)?");

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this.header = List.of(header);
    }

    /**
     * Adds a row of as many cells as the header has.
     *
     * @throws IllegalArgumentException if the count differs
     */
    public Table row(Object... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("expected " + header.size() + " cells, found " + cells.length);
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    /** Returns the lines, each ended by a line feed and without trailing blanks. */
    @Override
    public String toString() {
        int[] widths = new int[header.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = width(c);
        }
        StringBuilder text = new StringBuilder();
        line(text, header, widths);
        List<String> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        line(text, rule, widths);
        rows.forEach(row -> line(text, row, widths));
        return text.toString();
    }

    private int width(int column) {
        int width = header.get(column).length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }

    private void line(StringBuilder text, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String blanks = " ".repeat(widths[c] - cells.get(c).length());
            line.append(c == 0 ? "" : GAP).append(isNumeric(c) ? blanks + cells.get(c) : cells.get(c) + blanks);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private boolean isNumeric(int column) {
        return rows.stream().map(row -> row.get(column)).allMatch(Table::isNumberOrDash);
    }

    private static boolean isNumberOrDash(String cell) {
        return cell.isEmpty() || cell.equals("-") || NUMBER.matcher(cell).matches();
    }
}
