package dev.weft.metanets.nowcast.train;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.ZooHeader;
import dev.weft.checkpoints.ZooRow;
import dev.weft.checkpoints.ZooWriter;
import dev.weft.metanets.task.Provenance;
import dev.weft.metanets.task.RoundLoop;
import dev.weft.network.Architecture;
import dev.weft.network.Layer;
import dev.weft.network.Mlp;
import dev.weft.network.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Zoos of made-up trajectories: parameter i of state s of run r decays as (i + 1 + r / 8) 0.9^s. */
final class TinyTrajectories {

    static final int RUNS = 6; // 0 to 3 train, 4 val, 5 test
    static final Architecture MLP = Mlp.of(List.of(2, 3, 2), new Layer.Relu(), true);

    private TinyTrajectories() {}

    static Path write(Path folder, Architecture architecture, int states) throws IOException {
        List<ZooRow> rows = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            Split split = run < 4 ? Split.TRAIN : run == 4 ? Split.VAL : Split.TEST;
            for (int state = 0; state < states; state++) {
                String id = "run-" + run;
                rows.add(new ZooRow(
                        id + "-s" + 10 * state,
                        id,
                        10L * state,
                        split,
                        ZooRow.NO_LABEL,
                        "",
                        0,
                        new double[0],
                        values(architecture, run, state)));
            }
        }
        ZooHeader header =
                new ZooHeader("tiny", architecture, List.of(), List.of(), Map.of(), rows.size(), rows.size());
        ZooWriter writer = ZooWriter.create(folder, header);
        writer.write(0, rows);
        writer.finish();
        return folder;
    }

    static float[] values(Architecture architecture, int run, int state) {
        float[] values = new float[Math.toIntExact(architecture.parameterCount())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((i % 7 - 3 + run / 8.0) * Math.pow(0.9, state));
        }
        return values;
    }

    /** Two runs a step, two slices each, three horizons of which one must follow, four words. */
    static NowcastTraining training(int steps, int stepsPerRound, int stride) {
        return new NowcastTraining(steps, stepsPerRound, 2, 2, 3, stride, 1, 3, 4, 1e-2, 1e-6, 1e-2, 5);
    }

    static ForecasterConfig nino() {
        return new ForecasterConfig(ForecasterConfig.Name.NINO, 6, 4, 3, ForecasterConfig.Wiring.REFERENCE);
    }

    static NowcastRun plan(Path folder, ForecasterConfig model, NowcastTraining training) {
        return NowcastRun.plan(folder, model, training, new Provenance("test", "", "tiny", "0", 1, "17", "any"));
    }

    static Seed seed() {
        return new Seed(2);
    }

    /** Hears and says nothing. */
    static final class Silent implements RoundLoop.Listener {
        @Override
        public void stepDone(long steps, double loss) {}

        @Override
        public void roundDone(RoundLoop.Round round) {}
    }
}
