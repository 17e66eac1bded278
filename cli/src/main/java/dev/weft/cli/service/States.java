package dev.weft.cli.service;

import dev.weft.checkpoints.format.StackedTensors;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.cli.service.tensor.ArrowUpload;
import dev.weft.cli.service.tensor.SpooledTensors;
import dev.weft.cli.service.upload.Spool;
import dev.weft.cli.service.upload.Upload;
import dev.weft.metanets.nowcast.Trajectory;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The states that a forecast is made from, oldest first; closing closes and deletes what they are read from. */
public final class States implements AutoCloseable {

    private final List<TensorSource> states = new ArrayList<>();
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    private States() {}

    /** Takes checkpoints over, one a state, which are also closed if one of them is refused. */
    public static States ofFiles(List<Upload> uploads) throws IOException {
        States result = new States();
        result.owned.addAll(uploads);
        return result.fill(() -> {
            for (Upload upload : uploads) {
                TensorFile file = upload.open();
                result.owned.push(file);
                result.states.add(file);
            }
        });
    }

    /** Takes one checkpoint over whose tensors have the states on their first axis. */
    public static States ofStack(Upload upload) throws IOException {
        States result = new States();
        result.owned.push(upload);
        return result.fill(() -> {
            TensorFile file = upload.open();
            result.owned.push(file);
            result.states.addAll(StackedTensors.of(file, Trajectory.STATES));
        });
    }

    /** Takes an Arrow stream over whose tensors have the states on their first axis. */
    public static States ofArrow(Upload upload, Spool spool) throws IOException {
        try (upload) { // what is read lies in a file of its own
            States result = new States();
            return result.fill(() -> result.stack(ArrowUpload.read(upload, spool)));
        }
    }

    /** Takes states over, each with tensors of its own. */
    public static States ofTensors(List<SpooledTensors> tensors) {
        States result = new States();
        result.owned.addAll(tensors);
        result.states.addAll(tensors);
        return result;
    }

    private void stack(SpooledTensors tensors) throws IOException {
        owned.push(tensors);
        states.addAll(StackedTensors.of(tensors, Trajectory.STATES));
    }

    @FunctionalInterface
    private interface Filling {
        void run() throws IOException;
    }

    private States fill(Filling filling) throws IOException {
        try {
            filling.run();
            return this;
        } catch (IOException | RuntimeException e) {
            try {
                close();
            } catch (IOException failure) {
                e.addSuppressed(failure);
            }
            throw e;
        }
    }

    List<TensorSource> list() {
        return states;
    }

    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!owned.isEmpty()) {
            try {
                owned.pop().close();
            } catch (Exception e) { // the others are closed all the same
                failure = failure == null ? new IOException("an upload cannot be closed") : failure;
                failure.addSuppressed(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
