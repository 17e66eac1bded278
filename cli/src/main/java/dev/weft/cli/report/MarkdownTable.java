package dev.weft.cli.report;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A table of a Markdown page; the first column is aligned to the left, the others as they are told. */
public final class MarkdownTable {

    /** Where the cells of all columns but the first stand. */
    public enum Align {
        LEFT("---"),
        RIGHT("---:");

        private final String rule;

        Align(String rule) {
            this.rule = rule;
        }
    }

    private final int columns;
    private final StringBuilder text = new StringBuilder();

    public MarkdownTable(Align align, String... header) {
        columns = header.length;
        line(List.of(header));
        line(Stream.concat(Stream.of(Align.LEFT.rule), Stream.generate(() -> align.rule))
                .limit(columns)
                .toList());
    }

    /**
     * Adds a row of as many cells as the header has.
     *
     * @throws IllegalArgumentException if the count differs
     */
    public MarkdownTable row(Object... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException("expected " + columns + " cells, found " + cells.length);
        }
        line(List.of(cells));
        return this;
    }

    private void line(List<?> cells) {
        text.append(cells.stream()
                .map(cell -> String.valueOf(cell).replace("|", "\\|"))
                .collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    /** Returns the lines, each ended by a line feed. */
    @Override
    public String toString() {
        return text.toString();
    }
}
