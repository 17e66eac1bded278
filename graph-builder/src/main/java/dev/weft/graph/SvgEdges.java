package dev.weft.graph;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The lines of one block of weights, weak ones below strong ones. Lines of one sign and nearly one magnitude are drawn
 * as one path: it keeps files small, and crossings of weak lines do not add up to something strong.
 */
final class SvgEdges {

    private static final int LEVELS = 12;

    private final WeightBlock block;
    private final SvgColumn source;
    private final SvgColumn target;
    private final float[] row;

    /** A line between two drawn neurons, counted within their columns. */
    private record Line(int from, int to, float weight) {
        double magnitude() {
            return Math.abs(weight);
        }
    }

    SvgEdges(WeightBlock block, SvgColumn source, SvgColumn target, float[] row) {
        this.block = block;
        this.source = source;
        this.target = target;
        this.row = row;
    }

    /** Draws the strongest {@code limit} lines and returns how many were drawn. */
    int draw(Svg svg, int limit) {
        double largest = Magnitudes.largest(row, block.tensor());
        Line[] lines = lines().filter(line -> line.weight != 0)
                .sorted(Comparator.comparingDouble(Line::magnitude).reversed())
                .limit(limit)
                .toArray(Line[]::new);
        for (int level = 1; level <= LEVELS; level++) {
            for (boolean positive : new boolean[] {false, true}) {
                path(svg, lines, largest, level, positive);
            }
        }
        return lines.length;
    }

    private Stream<Line> lines() {
        int[] sources = source.neurons();
        int[] targets = target.neurons();
        Stream.Builder<Line> lines = Stream.builder();
        for (int t = 0; t < targets.length; t++) {
            for (int s = 0; s < sources.length; s++) {
                lines.add(new Line(s, t, row[(int) block.position(sources[s], targets[t])]));
            }
        }
        return lines.build();
    }

    private void path(Svg svg, Line[] lines, double largest, int level, boolean positive) {
        StringBuilder path = new StringBuilder();
        Arrays.stream(lines)
                .filter(line -> line.weight > 0 == positive)
                .filter(line -> Math.ceil(line.magnitude() / largest * LEVELS) == level)
                .forEach(line -> curve(path, line));
        if (!path.isEmpty()) {
            double t = (level - 0.5) / LEVELS;
            svg.raw("<path d=\"" + path + "\" " + SvgStyle.line(positive, t) + "/>");
        }
    }

    /** A flat S from circle to circle. */
    private void curve(StringBuilder path, Line line) {
        double x = source.x() + source.radius();
        double width = target.x() - target.radius() - x;
        double rise = target.y()[line.to] - source.y()[line.from];
        String bend = Svg.number(width * 0.42);
        path.append('M').append(Svg.number(x)).append(' ').append(Svg.number(source.y()[line.from]));
        path.append('c')
                .append(bend)
                .append(" 0 ")
                .append(Svg.number(width * 0.58))
                .append(' ');
        path.append(Svg.number(rise))
                .append(' ')
                .append(Svg.number(width))
                .append(' ')
                .append(Svg.number(rise));
    }
}
