package dev.weft.graph;

import dev.weft.network.NeuronBlock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A picture of a large network as SVG: a vertical lane for each block of neurons, as long as it is in use, and a row for each
 * block of weights, an arrow from the lane that it reads to the lane that it feeds, in the order of the flat row. A residual
 * stream is one long lane beside the short ones of its branches, so a ResNet-50 or a transformer stays readable. The same
 * network always gives the same bytes.
 */
public final class LaneSvg {

    /** The most rows of a picture. */
    public static final int MAX_ROWS = 2_000;

    private static final double ROW = 22;
    private static final double LANE = 124;
    private static final double LEFT = 70;
    private static final double TOP = 130;
    private static final double TEXT = 520; // room for names
    private static final double SMALLEST = 320; // room for the heading
    private static final int LONGEST = 27;
    private static final String[] COLOURS = {"#1f6fb5", "#d95f0e", "#2a8f6a", "#8a5fb0", "#b3742b", "#5a7d8c"};

    private final ParameterGraph graph;
    private final List<WeightBlock> rows;
    private final int[] first; // row of each block's first use, -1 for none
    private final int[] last;
    private final int[] lane;
    private final Svg svg;

    private LaneSvg(ParameterGraph graph, String title) {
        this.graph = graph;
        this.rows = graph.weights();
        int blocks = graph.blocks().size();
        first = new int[blocks];
        last = new int[blocks];
        lane = new int[blocks];
        Arrays.fill(first, -1);
        for (WeightBlock row : rows) {
            use(row.source(), row.index());
            use(row.target(), row.index());
        }
        int lanes = assignLanes();
        double width = Math.max(SMALLEST, LEFT + LANE * lanes) + TEXT;
        svg = new Svg(width, TOP + ROW * (rows.size() + 2), title);
        svg.rectangle(0, 0, width, TOP + ROW * (rows.size() + 2), "fill=\"" + SvgStyle.GROUND + "\"");
    }

    /**
     * Draws the block level of a parameter graph.
     *
     * @param title printed above the picture
     * @throws IllegalArgumentException if there are more than {@link #MAX_ROWS} blocks of weights
     */
    public static String of(ParameterGraph graph, String title) {
        if (graph.weights().size() > MAX_ROWS) {
            throw new IllegalArgumentException(
                    "a picture has at most " + MAX_ROWS + " blocks of weights, the network has "
                            + graph.weights().size() + "; export it as DOT or GraphML");
        }
        return new LaneSvg(graph, title).draw(title);
    }

    private void use(NeuronBlock block, int row) {
        first[block.index()] = first[block.index()] < 0 ? row : first[block.index()];
        last[block.index()] = row;
    }

    /** Gives each block the first lane that is free from its first use to its last, and returns how many there are. */
    private int assignLanes() {
        List<Integer> free = new ArrayList<>(); // the row from which each lane is free
        List<NeuronBlock> order = graph.blocks().stream()
                .filter(block -> first[block.index()] >= 0)
                .sorted((a, b) -> Integer.compare(first[a.index()], first[b.index()]))
                .toList();
        for (NeuronBlock block : order) {
            int found = 0;
            while (found < free.size() && free.get(found) > first[block.index()]) {
                found++;
            }
            if (found == free.size()) {
                free.add(0);
            }
            free.set(found, last[block.index()] + 1);
            lane[block.index()] = found;
        }
        return free.size();
    }

    private String draw(String title) {
        svg.text(32, 44, title, "font-size=\"22\" font-weight=\"600\" fill=\"" + SvgStyle.INK + "\"");
        svg.text(32, 68, counts(), quiet(13));
        svg.text(
                32,
                88,
                "Lanes are blocks of neurons, arrows are blocks of weights, in the order of the row.",
                quiet(12));
        graph.blocks().forEach(this::lane);
        rows.forEach(this::arrow);
        graph.blocks().forEach(this::name);
        return svg.document();
    }

    private String counts() {
        return String.join(
                "  \u00b7  ",
                BlockLabels.count(graph.blocks().size(), "block"),
                BlockLabels.count(rows.size(), "weight block"),
                BlockLabels.count(graph.architecture().parameterCount(), "parameter"));
    }

    private void lane(NeuronBlock block) {
        if (first[block.index()] < 0) {
            return;
        }
        double top = y(first[block.index()]) - ROW * 0.45;
        double height = y(last[block.index()]) + ROW * 0.45 - top;
        double width = width(block);
        svg.rectangle(
                x(block) - width / 2,
                top,
                width,
                height,
                "rx=\"" + Svg.number(width / 2) + "\" fill=\"" + colour(block) + "\" fill-opacity=\"0.35\"");
    }

    /** Lanes are as wide as their blocks are large, logarithmically. */
    private static double width(NeuronBlock block) {
        return 4 + 1.4 * Math.log(block.size()) / Math.log(2);
    }

    private void arrow(WeightBlock row) {
        double y = y(row.index());
        double from = x(row.source());
        double to = x(row.target());
        String line = "stroke=\"" + SvgStyle.INK + "\" stroke-width=\"1.2\" fill=\"none\"";
        if (row.source().equals(row.target())) {
            svg.raw("<path d=\"M" + Svg.number(from) + ' ' + Svg.number(y - 4) + "a7 4.5 0 1 1 0 9\" " + line + "/>");
        } else {
            double tip = to > from ? -6 : 6;
            svg.raw("<path d=\"M" + Svg.number(from) + ' ' + Svg.number(y) + "H" + Svg.number(to) + "m"
                    + Svg.number(tip) + " -3.5L" + Svg.number(to) + ' ' + Svg.number(y) + "l" + Svg.number(tip)
                    + " 3.5\" " + line + "/>");
        }
        svg.circle(from, y, 2.6, "fill=\"" + SvgStyle.INK + "\"");
        svg.text(
                svgTextColumn(),
                y + 4,
                row.tensor().name() + "  " + row.tensor().shape(),
                "font-size=\"11.5\" fill=\"" + SvgStyle.INK + "\"");
    }

    private double svgTextColumn() {
        int lanes = Arrays.stream(lane).max().orElse(0) + 1;
        return Math.max(SMALLEST, LEFT + LANE * lanes);
    }

    private void name(NeuronBlock block) {
        if (first[block.index()] < 0) {
            return;
        }
        String full = block.name() + " " + String.format(Locale.ROOT, "%,d", block.size());
        String shown = full.length() <= LONGEST ? full : "\u2026" + full.substring(full.length() - LONGEST + 1);
        svg.text(
                x(block) + width(block) / 2 + 3,
                y(first[block.index()]) - ROW * 0.28,
                shown,
                "font-size=\"9\" fill=\"" + colour(block) + "\" stroke=\"" + SvgStyle.GROUND
                        + "\" stroke-width=\"2.5\" paint-order=\"stroke\"");
    }

    private double x(NeuronBlock block) {
        return LEFT + LANE * lane[block.index()];
    }

    private static double y(int row) {
        return TOP + ROW * row;
    }

    private String colour(NeuronBlock block) {
        return COLOURS[lane[block.index()] % COLOURS.length];
    }

    private static String quiet(int size) {
        return "font-size=\"" + size + "\" fill=\"" + SvgStyle.QUIET + "\"";
    }
}
