package dev.weft.cli.service;

import dev.weft.checkpoints.format.TensorSource;

/** Tensors that are ready to be sent; closing frees what they are read from. */
public final class TensorAnswer implements AutoCloseable {

    private final TensorSource tensors;
    private final Runnable release;

    TensorAnswer(TensorSource tensors, Runnable release) {
        this.tensors = tensors;
        this.release = release;
    }

    public TensorSource tensors() {
        return tensors;
    }

    @Override
    public void close() {
        release.run();
    }
}
