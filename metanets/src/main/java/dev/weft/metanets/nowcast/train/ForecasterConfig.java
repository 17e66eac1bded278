package dev.weft.metanets.nowcast.train;

import dev.weft.metanets.nowcast.PlainForecaster;
import dev.weft.metanets.nowcast.PlainNino;
import dev.weft.metanets.nowcast.PlainWnn;
import dev.weft.metanets.nowcast.wiring.CorrectedWiring;
import dev.weft.metanets.nowcast.wiring.EdgeBlock;
import dev.weft.metanets.nowcast.wiring.ReferenceWiring;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.metanets.nowcast.wiring.WiredGraph;
import dev.weft.network.Architecture;
import dev.weft.network.ParameterTensor;
import dev.weft.network.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Which forecasting network is trained.
 *
 * @param name NiNo or WNN+
 * @param width d; 128 is published
 * @param features the most values that an edge may carry, the area of the largest kernel; NiNo only
 * @param horizons K; 40 is published
 * @param wiring how networks become graphs
 */
public record ForecasterConfig(Name name, int width, int features, int horizons, Wiring wiring) {

    private static final int MOST = 4096;

    /** 128 MiB; the other layers are smaller, or as wide as they are high. */
    private static final long MOST_OUTPUT_WEIGHTS = 1L << 25;

    /** The forecasting networks. */
    public enum Name {
        NINO("nino"),
        WNN_PLUS("wnn+");

        private final String text;

        Name(String text) {
            this.text = text;
        }

        /** Returns the name that people write. */
        public String text() {
            return text;
        }

        /** @throws IllegalArgumentException if there is no such network */
        public static Name of(String text) {
            List<String> known = Arrays.stream(values()).map(Name::text).toList();
            int found = known.indexOf(text);
            if (found < 0) {
                throw new IllegalArgumentException("no forecasting network '" + text + "'; there are " + known);
            }
            return values()[found];
        }
    }

    /** The two ways in which a network becomes a graph. */
    public enum Wiring {
        REFERENCE,
        CORRECTED;

        /**
         * Makes a network's graph.
         *
         * @throws IllegalArgumentException if the network cannot be wired, or has values that are not trained
         */
        public WiredGraph wire(Architecture architecture) {
            for (ParameterTensor tensor : architecture.parameters()) {
                if (!tensor.trainable()) {
                    throw new IllegalArgumentException("tensor '" + tensor.name()
                            + "' is not trained: rows with such tensors have no forecasts here");
                }
            }
            return this == CORRECTED
                    ? CorrectedWiring.of(architecture)
                    : ReferenceWiring.of(RowLayout.of(architecture.parameters()), OptionalInt.empty());
        }
    }

    public ForecasterConfig {
        within("width", width);
        within("features", features);
        within("horizons", horizons);
        long outputs = (long) features * horizons * width;
        if (outputs > MOST_OUTPUT_WEIGHTS) {
            throw new IllegalArgumentException("nowcast: features x horizons x width: expected at most "
                    + MOST_OUTPUT_WEIGHTS + ", got " + outputs);
        }
    }

    private static void within(String name, int value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException("nowcast: " + name + ": expected 1 to " + MOST + ", got " + value);
        }
    }

    /** Makes the network with the values that training starts from; they are drawn when it is initialised. */
    public PlainForecaster build(Seed seed) {
        return name == Name.NINO ? new PlainNino(width, features, horizons, seed) : new PlainWnn(width, horizons, seed);
    }

    /**
     * Makes a network's graph.
     *
     * @throws IllegalArgumentException if the network cannot be wired, has values that are not trained, or a kernel that is
     *     larger than the forecasting network allows
     */
    public WiredGraph wire(Architecture architecture) {
        WiredGraph graph = wiring.wire(architecture);
        EdgeBlock widest = graph.widest();
        if (name == Name.NINO && widest.features() > features) {
            throw new IllegalArgumentException("tensor '" + widest.name() + "': its kernel has " + widest.features()
                    + " values, the forecasting network allows " + features);
        }
        return graph;
    }
}
