package dev.weft.cli.nowcast;

import dev.weft.metanets.nowcast.train.ForecasterConfig;
import dev.weft.metanets.nowcast.train.ForecasterConfig.Name;
import dev.weft.metanets.nowcast.train.ForecasterConfig.Wiring;
import dev.weft.metanets.nowcast.train.NowcastTraining;

/**
 * What {@code --config} and {@code --set} can change of a forecasting network.
 *
 * @param width d
 * @param features the most values that an edge may carry
 * @param horizons K
 * @param wiring how networks become graphs
 */
record NowcastSettings(int width, int features, int horizons, Wiring wiring, NowcastTraining training) {

    /** For trajectories of some tens of states and two cores; 128, 9 and 40 are published. */
    static final NowcastSettings DEFAULT = new NowcastSettings(32, 9, 10, Wiring.REFERENCE, NowcastTraining.DEFAULT);

    ForecasterConfig config(Name name) {
        return new ForecasterConfig(name, width, features, horizons, wiring);
    }
}
