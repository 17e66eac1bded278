package dev.weft.metanets.nowcast;

import dev.weft.checkpoints.format.Safetensors;
import dev.weft.checkpoints.format.SafetensorsWriter;
import dev.weft.metanets.nowcast.wiring.RowLayout;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Nowcaster} must know to go on within a period.
 *
 * @param calls made so far
 * @param period of the plan
 * @param states copies of the parameters so far
 */
record NowcasterState(long calls, int period, List<float[]> states) {

    private static final String CALLS = "calls";
    private static final String PERIOD = "period";
    private static final String NAMES = "parameters";
    private static final String STATE = "state.";

    void write(Path file, RowLayout layout) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter()
                .metadata(PERIOD, String.valueOf(period))
                .metadata(NAMES, layout.tensors().toString())
                .add(CALLS, new long[] {1}, new long[] {calls});
        for (int i = 0; i < states.size(); i++) {
            writer.add(STATE + i, List.of(layout.size()), states.get(i));
        }
        writer.write(file);
    }

    static NowcasterState read(Path path, RowLayout layout, int period) throws IOException {
        try (Safetensors file = Safetensors.open(path)) {
            require(file, PERIOD, String.valueOf(period));
            require(file, NAMES, layout.tensors().toString());
            long[] calls = file.longs(CALLS);
            List<float[]> states = new ArrayList<>();
            while (file.tensors().containsKey(STATE + states.size())) {
                float[] state = file.floats(STATE + states.size());
                if (state.length != layout.size()) {
                    throw new FormatException.Corrupt(
                            path.toString(),
                            "tensor '" + STATE + states.size() + "': expected " + layout.size() + " values, found "
                                    + state.length);
                }
                states.add(state);
            }
            if (calls.length != 1 || calls[0] < 0 || states.size() >= Trajectory.STATES) {
                throw new FormatException.Corrupt(
                        path.toString(),
                        "expected a number of calls and fewer than " + Trajectory.STATES + " states, found "
                                + calls.length + " and " + states.size());
            }
            return new NowcasterState(calls[0], period, states);
        }
    }

    private static void require(Safetensors file, String key, String expected) throws FormatException {
        String found = file.metadata().get(key);
        if (!expected.equals(found)) {
            throw new FormatException.Corrupt(
                    file.file().toString(), "metadata '" + key + "': expected " + expected + ", found " + found);
        }
    }
}
