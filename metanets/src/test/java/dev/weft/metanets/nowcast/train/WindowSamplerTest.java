package dev.weft.metanets.nowcast.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.checkpoints.Split;
import dev.weft.checkpoints.Zoo;
import dev.weft.network.Architecture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowSamplerTest {

    private static final int HORIZONS = 3;

    @TempDir
    private Path folder;

    private Zoo zoo;

    /** Runs of so many states. */
    private WindowSampler sampler(int states, Split split, int stride) throws IOException {
        zoo = Zoo.open(TinyTrajectories.write(folder, TinyTrajectories.MLP, states));
        return new WindowSampler(List.of(zoo), split, TinyTrajectories.training(1, 1, stride), HORIZONS);
    }

    @AfterEach
    void close() {
        if (zoo != null) {
            zoo.close();
        }
    }

    @Test
    void slicesBeginOneStateLaterAndEndWithTheRun() throws IOException {
        WindowSampler sampler = sampler(15, Split.TRAIN, 2); // 5 + 1 states and a slice: 13 rows, so starts 0, 1, 2
        assertEquals(13, sampler.span());
        TreeSet<Integer> firsts = new TreeSet<>();
        TreeSet<String> runs = new TreeSet<>();
        for (int draw = 0; draw < 100; draw++) {
            WindowSampler.Windows windows = sampler.draw(TinyTrajectories.seed().split(draw));
            int run = windows.run().first() / 15;
            runs.add(zoo.runId(windows.run().first()));
            assertEquals(2, windows.states().size());
            int first = state(windows.states().get(0)[0], run);
            firsts.add(first);
            for (int slice = 0; slice < 2; slice++) {
                float[][] states = windows.states().get(slice);
                int from = first + 2 * slice;
                assertEquals(Math.min(5 + HORIZONS, (14 - from) / 2 + 1), states.length, "none behind the last row");
                for (int t = 0; t < states.length; t++) {
                    assertArrayEquals(TinyTrajectories.values(TinyTrajectories.MLP, run, from + 2 * t), states[t]);
                }
            }
        }
        assertEquals(new TreeSet<>(List.of(0, 1, 2)), firsts);
        assertEquals(new TreeSet<>(List.of("run-0", "run-1", "run-2", "run-3")), runs, "the training split alone");
    }

    /** Finds the state that a row is of. */
    private static int state(float[] row, int run) {
        for (int state = 0; ; state++) {
            if (row[0] == TinyTrajectories.values(TinyTrajectories.MLP, run, state)[0]) {
                return state;
            }
        }
    }

    @Test
    void theSameSeedDrawsTheSameWindows() throws IOException {
        WindowSampler sampler = sampler(15, Split.TRAIN, 1);
        WindowSampler.Windows one = sampler.draw(TinyTrajectories.seed());
        WindowSampler.Windows other = sampler.draw(TinyTrajectories.seed());
        assertEquals(one.run(), other.run());
        assertArrayEquals(one.states().get(1)[4], other.states().get(1)[4]);
    }

    @Test
    void validationWindowsAreSpreadFromTheFirstPlaceToTheLast() throws IOException {
        WindowSampler sampler = sampler(15, Split.VAL, 2); // a window needs 11 rows: places 0 to 4
        WindowSampler.Windows windows = sampler.spread(sampler.runs().get(0), 3, TinyTrajectories.seed());
        assertEquals(1, sampler.runs().size());
        assertEquals("run-4", zoo.runId(windows.run().first()));
        for (int i = 0; i < 3; i++) {
            assertEquals(2 * i, state(windows.states().get(i)[0], 4));
        }
        WindowSampler.Windows all = sampler.spread(sampler.runs().get(0), 99, TinyTrajectories.seed());
        assertEquals(5, all.states().size(), "no place twice");
    }

    @Test
    void windowsOfADrawHaveTheSameWords() throws IOException {
        Architecture whole = VocabularySampleTest.gpt2();
        zoo = Zoo.open(TinyTrajectories.write(folder, whole, 15));
        NowcastTraining training = TinyTrajectories.training(1, 1, 1); // four words
        WindowSampler sampler = new WindowSampler(List.of(zoo), Split.TRAIN, training, HORIZONS);
        VocabularySample sample = new VocabularySample(whole, training.words());
        assertEquals(List.of(sample.architecture()), sampler.architectures());
        WindowSampler.Windows one = sampler.draw(TinyTrajectories.seed());
        WindowSampler.Windows same = sampler.draw(TinyTrajectories.seed());
        assertEquals(sample.architecture(), one.architecture());
        assertEquals(2, one.states().size());
        for (int t = 0; t < 4; t++) {
            float[] state = one.states().get(0)[t + 1];
            assertEquals(sample.architecture().parameterCount(), state.length);
            assertArrayEquals(state, one.states().get(1)[t], "the second slice is one state behind");
            assertArrayEquals(state, same.states().get(0)[t + 1]);
        }
    }

    @Test
    void tellsWhatIsTooShort() throws IOException {
        String message = assertThrows(IllegalArgumentException.class, () -> sampler(12, Split.TRAIN, 2))
                .getMessage();
        assertEquals(
                "tiny: no run of the split train has the 13 rows that 5 states and 1 behind them, 2 rows apart, need"
                        + " with slices = 2",
                message);
        NowcastTraining training = TinyTrajectories.training(1, 1, 1);
        String horizons = assertThrows(
                        IllegalArgumentException.class, () -> new WindowSampler(List.of(zoo), Split.TRAIN, training, 0))
                .getMessage();
        assertEquals("leastHorizons: expected at most the network's horizons, 0, got 1", horizons);
    }
}
