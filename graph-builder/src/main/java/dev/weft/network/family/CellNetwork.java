package dev.weft.network.family;

import dev.weft.network.Architecture;
import dev.weft.network.Convolution;
import dev.weft.network.Embedding;
import dev.weft.network.Input;
import dev.weft.network.Junction;
import dev.weft.network.Layer;
import dev.weft.network.Pooling;
import dev.weft.network.Reshaping;
import java.util.ArrayList;
import java.util.List;

/**
 * The networks of DeepNets-1M for small images (Knyazev et al. 2021, "Parameter prediction for unseen deep architectures"):
 * a stem, cells of a {@link Genotype}, a classifier; named as {@code ppuda} names them, {@code
 * cells.0._ops.1.op.1.weight}.
 *
 * <p>Networks with attention have no strides: a patch convolution and a table of positions are their stem. Projections and
 * cells that nothing reads are left out, since a hypernetwork has nothing to learn there. Batch norms use the moments of
 * the batch.
 */
public final class CellNetwork {

    private static final int MOST_CELLS = 1000; // files are not trusted
    private static final int PATCH = 3;
    private static final int DROPOUT_STEP = 3; // linear, ReLU, dropout

    private CellNetwork() {}

    /** How an image becomes the input of the first cell. */
    public enum Stem {
        /** One convolution. */
        SIMPLE,
        /** Two convolutions, and a third with stride 2 for the second input. */
        DOUBLE
    }

    /**
     * The form of the networks.
     *
     * @param input images
     * @param cells number of cells; those at a third and two thirds are reductions
     * @param channels of a cell's states before the first reduction
     * @param multiplier of the channels at a reduction
     * @param stem ignored by networks with attention
     * @param kernel of the stem's convolutions
     * @param stemPool whether a max pool ends the simple stem
     * @param norm whether batch norms follow convolutions
     * @param projected whether 1 x 1 convolutions bring a cell's inputs to its width; only networks with attention, one step
     *     a cell and multiplier 1 can do without
     * @param globalAverage whether the classifier reads means, or all pixels
     * @param hidden widths of the classifier's hidden layers
     * @param classes outputs
     */
    public record Config(
            Input.Image input,
            Genotype genotype,
            int cells,
            int channels,
            int multiplier,
            Stem stem,
            int kernel,
            boolean stemPool,
            boolean norm,
            boolean projected,
            boolean globalAverage,
            List<Integer> hidden,
            int classes) {

        public Config {
            hidden = List.copyOf(hidden);
            if (cells < 1 || cells > MOST_CELLS || channels < 2 || channels % 2 != 0 || multiplier < 1) {
                throw new IllegalArgumentException(
                        "expected 1 to " + MOST_CELLS + " cells, an even number of channels and a multiplier, got "
                                + cells + ", " + channels + " and " + multiplier);
            }
            boolean narrow = genotype.attends() && genotype.normal().steps() == 1 && multiplier == 1;
            if (!projected && !narrow) {
                throw new IllegalArgumentException(
                        "cells need projected inputs unless they have one step, attention and" + " multiplier 1");
            }
            if (genotype.attends() && channels % CellSteps.HEADS != 0) {
                throw new IllegalArgumentException(
                        "attention needs a multiple of " + CellSteps.HEADS + " channels, got " + channels);
            }
        }

        /** Returns the same network for other images. */
        public Config withInput(Input.Image other) {
            return new Config(
                    other,
                    genotype,
                    cells,
                    channels,
                    multiplier,
                    stem,
                    kernel,
                    stemPool,
                    norm,
                    projected,
                    globalAverage,
                    hidden,
                    classes);
        }

        /** Returns the same network with other widths. */
        public Config withWidths(int otherChannels, List<Integer> otherHidden) {
            return new Config(
                    input,
                    genotype,
                    cells,
                    otherChannels,
                    multiplier,
                    stem,
                    kernel,
                    stemPool,
                    norm,
                    projected,
                    globalAverage,
                    otherHidden,
                    classes);
        }
    }

    public static Architecture of(Config config) {
        return new Making(config).network();
    }

    /** One network in the making. */
    private static final class Making {
        private final Config config;
        private final Architecture.Builder builder;
        private final CellSteps steps;
        private final boolean strided;

        Making(Config config) {
            this.config = config;
            this.builder = Architecture.builder("cell-network", config.input);
            this.strided = !config.genotype.attends();
            this.steps = new CellSteps(builder, config.norm, strided);
        }

        private boolean reduction(int cell) {
            return cell > 0 && (cell == config.cells / 3 || cell == 2 * config.cells / 3);
        }

        private Genotype.Cell genotype(int cell) {
            return reduction(cell) ? config.genotype.reduction() : config.genotype.normal();
        }

        Architecture network() {
            boolean[] live = liveCells();
            List<CellSteps.Map> outputs = new ArrayList<>(stems(live[0], live[1]));
            int width = config.channels;
            boolean shrunk = strided && config.stem == Stem.DOUBLE;
            for (int cell = 0; cell < config.cells; cell++) {
                width *= reduction(cell) ? config.multiplier : 1;
                outputs.add(
                        live[cell + 2]
                                ? cell(cell, outputs.get(cell), outputs.get(cell + 1), width, shrunk)
                                : CellSteps.Map.ABSENT);
                shrunk = reduction(cell);
            }
            return head(outputs.get(outputs.size() - 1));
        }

        /** Returns for both stems and all cells whether the output depends on them. */
        private boolean[] liveCells() {
            boolean[] live = new boolean[config.cells + 2];
            live[live.length - 1] = true;
            for (int cell = config.cells - 1; cell >= 0; cell--) {
                boolean[] used = genotype(cell).used();
                live[cell] |= live[cell + 2] && used[0];
                live[cell + 1] |= live[cell + 2] && used[1];
            }
            return live;
        }

        private List<CellSteps.Map> stems(boolean first, boolean second) {
            Input.Image image = config.input;
            CellSteps.Map input =
                    new CellSteps.Map(Architecture.INPUT, image.channels(), image.height(), image.width());
            if (!strided) {
                CellSteps.Map patches = patches(input);
                return List.of(patches, patches);
            }
            if (config.stem == Stem.SIMPLE) {
                CellSteps.Map only = simple(input);
                return List.of(only, only);
            }
            CellSteps.Map wide = steps.convolutionNorm("stem0.", 0, input, config.channels / 2, config.kernel);
            builder.add("stem0.2", new Layer.Relu(), wide.node());
            wide = steps.convolutionNorm("stem0.", 3, wide.at("stem0.2"), config.channels, 3);
            if (!second) {
                return List.of(wide, CellSteps.Map.ABSENT);
            }
            builder.add("stem1.0", new Layer.Relu(), wide.node());
            CellSteps.Map small = steps.convolutionNorm("stem1.", 1, wide.at("stem1.0"), config.channels, 3, 2);
            return List.of(first ? wide : CellSteps.Map.ABSENT, small);
        }

        private CellSteps.Map patches(CellSteps.Map input) {
            int width = config.channels;
            builder.add("stem0", Convolution.square(input.channels(), width, PATCH, PATCH, 1, false));
            int height = (input.height() + 2 - PATCH) / PATCH + 1;
            int breadth = (input.width() + 2 - PATCH) / PATCH + 1;
            builder.add("pos_enc.weight", new Embedding.PositionArray(List.of(width, height, breadth)));
            return new CellSteps.Map("pos_enc.weight", width, height, breadth);
        }

        private CellSteps.Map simple(CellSteps.Map input) {
            int width = config.projected ? 3 * config.channels : config.channels;
            CellSteps.Map stem = steps.convolutionNorm("stem.", 0, input, width, config.kernel);
            if (!config.stemPool) {
                return stem;
            }
            builder.add("stem.2", new Pooling.MaxPool(List.of(3, 3), List.of(2, 2), List.of(1, 1)), stem.node());
            return stem.halved("stem.2");
        }

        private CellSteps.Map cell(int index, CellSteps.Map before, CellSteps.Map previous, int width, boolean shrunk) {
            String at = "cells." + index + ".";
            Genotype.Cell cell = genotype(index);
            boolean[] used = cell.used();
            List<CellSteps.Map> states = new ArrayList<>();
            states.add(used[0] ? projected(at + "preprocess0.", before, width, shrunk) : CellSteps.Map.ABSENT);
            states.add(used[1] ? projected(at + "preprocess1.", previous, width, false) : CellSteps.Map.ABSENT);
            for (int state = Genotype.INPUTS; state < used.length; state++) {
                states.add(used[state] ? step(index, cell, state, states, width) : CellSteps.Map.ABSENT);
            }
            List<CellSteps.Map> outputs =
                    cell.concat().stream().map(states::get).toList();
            CellSteps.Map first = outputs.get(0);
            if (outputs.size() == 1) {
                return first;
            }
            builder.add(at + "concat", new Junction.Concat(), names(outputs));
            return new CellSteps.Map(at + "concat", width * outputs.size(), first.height(), first.width());
        }

        private CellSteps.Map projected(String at, CellSteps.Map input, int width, boolean shrunk) {
            if (!config.projected) {
                return input;
            }
            return shrunk && strided
                    ? steps.factorizedReduction(at, input, width)
                    : steps.reluConvolutionNorm(at, input, width, 1, 1);
        }

        private CellSteps.Map step(int index, Genotype.Cell cell, int state, List<CellSteps.Map> states, int width) {
            List<CellSteps.Map> terms = new ArrayList<>();
            for (int e : cell.into(state)) {
                Genotype.Edge edge = cell.edges().get(e);
                boolean shrink = strided && reduction(index) && edge.state() < Genotype.INPUTS;
                String at = "cells." + index + "._ops." + e + ".";
                terms.add(steps.apply(edge.operation(), at, states.get(edge.state()), width, shrink));
            }
            if (terms.size() == 1) {
                return terms.get(0);
            }
            String name = "cells." + index + ".step" + (state - Genotype.INPUTS);
            builder.add(name, new Junction.Add(), names(terms));
            return terms.get(0).at(name);
        }

        private static String[] names(List<CellSteps.Map> maps) {
            return maps.stream().map(CellSteps.Map::node).toArray(String[]::new);
        }

        private Architecture head(CellSteps.Map map) {
            builder.add(
                    "pooled", config.globalAverage ? new Pooling.GlobalAvgPool() : new Reshaping.Flatten(), map.node());
            int in = config.globalAverage ? map.channels() : map.channels() * map.height() * map.width();
            int place = 0;
            for (int hidden : config.hidden) {
                builder.add("classifier." + place, new Layer.Linear(in, hidden, true))
                        .add("classifier." + (place + 1), new Layer.Relu());
                place += DROPOUT_STEP;
                in = hidden;
            }
            return builder.add("classifier." + place, new Layer.Linear(in, config.classes, true))
                    .build();
        }
    }
}
