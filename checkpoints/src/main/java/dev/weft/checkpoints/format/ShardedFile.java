package dev.weft.checkpoints.format;

import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A checkpoint in several files beside an {@code ….index.json} that says which file has which tensor. The shards may be
 * of any other format; index and shards must agree.
 */
public final class ShardedFile implements TensorFile {

    static final String FORMAT = "sharded";

    /** The most shards that are opened. */
    static final int SHARD_LIMIT = 10_000;

    private final Path file;
    private final Map<String, String> metadata = new TreeMap<>();
    private final Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    private final Map<String, TensorFile> owners = new LinkedHashMap<>();
    private final List<TensorFile> shards = new ArrayList<>();

    private ShardedFile(Path file) {
        this.file = file;
    }

    /** Opens an index and all of its shards. */
    public static ShardedFile open(Path index) throws IOException {
        ShardedFile sharded = new ShardedFile(index);
        try {
            sharded.openShards(ShardIndex.read(index));
            return sharded;
        } catch (IOException | RuntimeException e) {
            sharded.close();
            throw e;
        }
    }

    private void openShards(ShardIndex index) throws IOException {
        Map<String, TensorFile> byName = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : index.shards().entrySet()) {
            TensorFile shard = byName.get(entry.getValue());
            if (shard == null) {
                shard = openShard(entry.getKey(), entry.getValue());
                byName.put(entry.getValue(), shard);
            }
            tensors.put(entry.getKey(), shard.tensor(entry.getKey()));
            owners.put(entry.getKey(), shard);
        }
        for (TensorFile shard : shards) {
            for (String name : shard.tensors().keySet()) {
                if (owners.get(name) != shard) {
                    throw new FormatException.Corrupt(
                            file.toString(),
                            "tensor '" + name + "' is in " + shard.file().getFileName()
                                    + ", but the index does not say so");
                }
            }
            metadata.putAll(shard.metadata());
        }
        metadata.putAll(index.metadata());
        metadata.remove(ShardIndex.TOTAL_SIZE); // says what the shards say
    }

    private TensorFile openShard(String tensor, String name) throws IOException {
        if (shards.size() == SHARD_LIMIT) {
            throw new FormatException.Unsupported(file.toString(), "more than " + SHARD_LIMIT + " shards");
        }
        Path path = RelativePaths.resolve(file, name, "tensor '" + tensor + "'");
        TensorFormat format = TensorFormat.of(path);
        if (format instanceof ShardedFormat) {
            throw new FormatException.Corrupt(
                    file.toString(), "tensor '" + tensor + "': the shard " + name + " is an index itself");
        }
        TensorFile shard = format.open(path);
        shards.add(shard);
        return shard;
    }

    /** Returns the index's path. */
    @Override
    public Path file() {
        return file;
    }

    @Override
    public String format() {
        return FORMAT;
    }

    /** Returns how many files the tensors are in. */
    public int shardCount() {
        return shards.size();
    }

    @Override
    public Map<String, NamedTensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    /** Returns the texts of index and shards, ordered by key; the index wins, then the later shard. */
    @Override
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(metadata);
    }

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        TensorFile owner = owners.get(tensor(name).name());
        Objects.requireNonNull(owner).read(name, position, target); // tensor() refuses what is not there
    }

    /** Closes all shards. */
    @Override
    public void close() throws IOException {
        for (TensorFile shard : shards) {
            shard.close();
        }
    }
}
