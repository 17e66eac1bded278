package dev.weft.cli.service.tensor;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.cli.service.upload.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Float32 tensors one behind the other in a temporary file, from which they are mapped; closing deletes the file. */
public final class SpooledTensors implements TensorSource, AutoCloseable {

    private final Upload file;
    private final FileChannel channel;
    private final Map<String, Entry> entries;

    /**
     * A tensor of the file.
     *
     * @param offset of its first byte
     */
    record Entry(String name, Dtype dtype, List<Long> shape, long offset) implements NamedTensor {}

    SpooledTensors(Upload file, Map<String, Entry> entries) throws IOException {
        this.file = file;
        this.entries = new LinkedHashMap<>(entries);
        this.channel = FileChannel.open(file.file(), StandardOpenOption.READ);
    }

    @Override
    public String origin() {
        return Upload.NAME;
    }

    /** Returns the tensors in the order in which they came. */
    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return Collections.unmodifiableMap(entries);
    }

    @Override
    public Map<String, String> metadata() {
        return Map.of();
    }

    private Entry entry(String name) throws IOException {
        return Objects.requireNonNull(entries.get(tensor(name).name())); // tensor() refuses what is not there
    }

    @Override
    public boolean isMapped(String name) throws IOException {
        return tensor(name).byteLength() <= Integer.MAX_VALUE;
    }

    @Override
    public ByteBuffer bytes(String name) throws IOException {
        Entry entry = entry(name);
        return channel.map(FileChannel.MapMode.READ_ONLY, entry.offset, entry.byteLength())
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        Entry entry = entry(name);
        Objects.checkFromIndexSize(position, target.remaining(), entry.byteLength());
        long at = entry.offset + position;
        while (target.hasRemaining()) {
            at += channel.read(target, at);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            file.close();
        }
    }
}
