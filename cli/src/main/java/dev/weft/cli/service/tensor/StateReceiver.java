package dev.weft.cli.service.tensor;

import dev.weft.cli.service.upload.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Takes the record batches of several states, oldest first: the first row with a name belongs to the first state, the second
 * with the same name to the second one, so that a client sends one tensor at a time and numbers nothing.
 */
public final class StateReceiver implements AutoCloseable {

    private final List<TensorReceiver> states = new ArrayList<>();

    public StateReceiver(Spool spool, int count) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                states.add(new TensorReceiver(spool));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Takes all rows of a batch. */
    public void add(VectorSchemaRoot batch) throws IOException {
        TensorSchema.require(batch.getSchema());
        for (int row = 0; row < batch.getRowCount(); row++) {
            String name = TensorReceiver.name(batch, row);
            next(name).add(name, batch, row);
        }
    }

    private TensorReceiver next(String name) {
        return states.stream()
                .filter(state -> !state.has(name))
                .findFirst()
                .orElseThrow(() -> TensorReceiver.refused(
                        name,
                        states.size() == 1
                                ? "expected it once, found it again"
                                : "expected it in " + states.size() + " states, found it once more"));
    }

    /** Returns the states, which are the caller's to close. */
    public List<SpooledTensors> finish() throws IOException {
        requireAll();
        List<SpooledTensors> finished = new ArrayList<>();
        try {
            for (TensorReceiver state : states) {
                finished.add(state.finish());
            }
            return finished;
        } catch (IOException | RuntimeException e) {
            for (SpooledTensors state : finished) {
                state.close();
            }
            throw e;
        }
    }

    private void requireAll() {
        for (String name : states.get(0).names()) {
            long found = states.stream().filter(state -> state.has(name)).count();
            if (found < states.size()) {
                throw TensorReceiver.refused(name, "expected it in " + states.size() + " states, found it in " + found);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (TensorReceiver state : states) {
            state.close();
        }
    }
}
