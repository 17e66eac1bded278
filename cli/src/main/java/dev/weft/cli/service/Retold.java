package dev.weft.cli.service;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;

/** A source with other texts: those that came with it may name the service's files. */
record Retold(TensorSource source, Map<String, String> metadata) implements TensorSource {

    @Override
    public String origin() {
        return source.origin();
    }

    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return source.tensors();
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        source.read(name, position, target);
    }
}
