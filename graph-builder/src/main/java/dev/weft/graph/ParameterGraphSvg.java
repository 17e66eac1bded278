package dev.weft.graph;

import dev.weft.network.Architecture;
import dev.weft.network.NeuronBlock;
import dev.weft.network.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A picture of one network as SVG: a column of circles for each block of neurons, filled by bias; a line for each weight,
 * coloured by sign, strong by magnitude. Lines are relative to their tensor's largest weight, fills to their tensor's
 * largest bias. The same network always gives the same bytes.
 *
 * <p>Of a block at most {@link #MAX_NEURONS} neurons are drawn, the first and the last, and in the whole picture at most
 * {@link #MAX_LINES} lines, the strongest of each layer, so a file stays below 500 kB.
 */
public final class ParameterGraphSvg {

    /** The most blocks of a picture. */
    public static final int MAX_BLOCKS = 48;

    /** The most neurons of one block that are drawn, fewer where there are many blocks. */
    public static final int MAX_NEURONS = 48;

    /** The most lines of a picture, shared evenly by its layers. */
    public static final int MAX_LINES = 8_000;

    private static final int MAX_CIRCLES = 1_600;
    private static final double MARGIN = 84;
    private static final double COLUMN = 230; // from column to column
    private static final double TOP = 166;
    private static final double NARROWEST = 680; // room for the legend
    private static final double TALLEST = 600;
    private static final double LOWEST = 150;
    private static final double BELOW = 140;
    private static final int LONGEST_NAME = 22;

    private final ParameterGraph graph;
    private final float[] row;
    private final List<SvgColumn> columns = new ArrayList<>();
    private final double width;
    private final double bottom; // of the circles
    private final Svg svg;

    private ParameterGraphSvg(ParameterGraph graph, float[] row, String title) {
        this.graph = graph;
        this.row = row;
        double wanted = graph.blocks().stream()
                .mapToDouble(SvgColumn::wantedHeight)
                .max()
                .orElse(LOWEST);
        double height = Math.max(LOWEST, Math.min(TALLEST, wanted));
        width = Math.max(NARROWEST, 2 * MARGIN + COLUMN * (graph.blocks().size() - 1));
        bottom = TOP + height;
        double left = (width - COLUMN * (graph.blocks().size() - 1)) / 2;
        int most = Math.min(MAX_NEURONS, MAX_CIRCLES / graph.blocks().size()) / 2 * 2;
        for (NeuronBlock block : graph.blocks()) {
            columns.add(SvgColumn.of(block, most, left + COLUMN * block.index(), TOP, height));
        }
        svg = new Svg(width, bottom + BELOW, title);
    }

    /** Whether a network can be drawn neuron by neuron: layers one behind the other, one weight for each pair of neurons. */
    public static boolean suits(ParameterGraph graph) {
        return graph.blocks().size() <= MAX_BLOCKS
                && graph.weights().stream()
                        .allMatch(block -> block.features() == 1
                                && block.source().index() < block.target().index()
                                && block.edges() == block.tensor().size());
    }

    /**
     * Draws a network under its architecture's name.
     *
     * @param row P values
     */
    public static String of(ParameterGraph graph, float[] row) {
        return of(graph, row, graph.architecture().toString());
    }

    /**
     * Draws a network.
     *
     * @param row P values
     * @param title printed above the picture
     * @throws IllegalArgumentException if the row has another length or values that are not finite, or there are more
     *     than {@link #MAX_BLOCKS} blocks
     */
    public static String of(ParameterGraph graph, float[] row, String title) {
        graph.architecture().requireRowLength(row.length);
        Magnitudes.requireFinite(graph.architecture(), row);
        if (graph.blocks().size() <= MAX_BLOCKS && !suits(graph)) {
            throw new IllegalArgumentException(graph.architecture()
                    + " can't be drawn neuron by neuron, its layers are not one behind the other; draw its lanes");
        }
        if (graph.blocks().size() > MAX_BLOCKS) {
            throw new IllegalArgumentException("a picture has at most " + MAX_BLOCKS + " blocks, the network has "
                    + graph.blocks().size() + "; export it as DOT or GraphML");
        }
        return new ParameterGraphSvg(graph, row, title).draw(title);
    }

    private String draw(String title) {
        svg.rectangle(0, 0, width, bottom + BELOW, "fill=\"" + SvgStyle.GROUND + "\"");
        heading(title);
        graph.weights().forEach(this::lines);
        columns.forEach(this::circles);
        columns.forEach(this::label);
        SvgLegend.draw(svg, 32, bottom + 84);
        return svg.document();
    }

    private void heading(String title) {
        Architecture architecture = graph.architecture();
        svg.text(32, 44, title, "font-size=\"22\" font-weight=\"600\" fill=\"" + SvgStyle.INK + "\"");
        String counts = String.join(
                "  \u00b7  ",
                BlockLabels.count(graph.neuronCount(), "neuron"),
                BlockLabels.count(graph.edgeCount(), "weight"),
                BlockLabels.count(architecture.parameterCount(), "parameter"));
        svg.text(32, 68, counts, quiet(13));
    }

    private void lines(WeightBlock block) {
        SvgColumn source = columns.get(block.source().index());
        SvgColumn target = columns.get(block.target().index());
        svg.group("fill=\"none\" stroke-linecap=\"round\"");
        int limit = Math.max(1, MAX_LINES / graph.weights().size());
        int drawn = new SvgEdges(block, source, target, row).draw(svg, limit);
        svg.end();
        String scale = "max |w| = " + value(Magnitudes.largest(row, block.tensor()));
        String share = (drawn < block.edges() ? BlockLabels.count(drawn) + " of " : "")
                + BlockLabels.count(block.edges(), "weight");
        double middle = (source.x() + target.x()) / 2;
        svg.text(middle, bottom + 30, scale, quiet(11) + " text-anchor=\"middle\"");
        svg.text(middle, bottom + 45, share, quiet(11) + " text-anchor=\"middle\"");
    }

    private void circles(SvgColumn column) {
        Optional<ParameterTensor> bias = graph.bias(column.block());
        double largest = bias.map(tensor -> Magnitudes.largest(row, tensor)).orElse(0.0);
        svg.group(SvgStyle.outline(column.radius() < 5 ? 0.8 : 1.1));
        for (int i = 0; i < column.neurons().length; i++) {
            int k = column.neurons()[i];
            String fill = bias.map(tensor -> SvgStyle.fill(largest == 0 ? 0 : row[(int) tensor.offset() + k] / largest))
                    .orElse(SvgStyle.NO_BIAS);
            svg.circle(column.x(), column.y()[i], column.radius(), "fill=\"" + fill + "\"");
        }
        svg.end();
        if (column.abbreviated()) {
            for (int i = -1; i <= 1; i++) {
                svg.circle(column.x(), column.gap() + 5 * i, 1.4, "fill=\"" + SvgStyle.QUIET + "\"");
            }
        }
    }

    private void label(SvgColumn column) {
        NeuronBlock block = column.block();
        String name = block.name().length() <= LONGEST_NAME
                ? block.name()
                : block.name().substring(0, LONGEST_NAME - 1) + "\u2026";
        String functions = BlockLabels.functions(graph.architecture(), block);
        svg.text(column.x(), TOP - 52, name, centred(14, SvgStyle.INK) + " font-weight=\"600\"");
        svg.text(column.x(), TOP - 35, BlockLabels.count(block.size()), centred(12, SvgStyle.QUIET));
        svg.text(column.x(), TOP - 20, functions, centred(12, SvgStyle.QUIET) + " font-style=\"italic\"");
    }

    private static String value(double number) {
        return number == 0 || (number >= 0.001 && number < 10_000)
                ? String.format(Locale.ROOT, "%.3g", number)
                : String.format(Locale.ROOT, "%.1e", number);
    }

    private static String quiet(int size) {
        return "font-size=\"" + size + "\" fill=\"" + SvgStyle.QUIET + "\"";
    }

    private static String centred(int size, String colour) {
        return "font-size=\"" + size + "\" fill=\"" + colour + "\" text-anchor=\"middle\"";
    }
}
