package dev.weft.cli.checkpoint;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.LongConsumer;

/** Another source, telling how many bytes were read of it in all. */
public final class MonitoredSource implements TensorSource {

    private final TensorSource source;
    private final LongConsumer progress;
    private long done;

    public MonitoredSource(TensorSource source, LongConsumer progress) {
        this.source = source;
        this.progress = progress;
    }

    @Override
    public String origin() {
        return source.origin();
    }

    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return source.tensors();
    }

    @Override
    public Map<String, String> metadata() {
        return source.metadata();
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        done += target.remaining();
        source.read(name, position, target);
        progress.accept(done);
    }
}
