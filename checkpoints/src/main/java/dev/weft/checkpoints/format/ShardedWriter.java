package dev.weft.checkpoints.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Writes tensors as several safetensors files, {@code model-00001-of-00003.safetensors} and so on, and their index,
 * which comes last. Tensors are put into shards in the source's order.
 */
public final class ShardedWriter {

    /** How the names of index files end. */
    public static final String INDEX = ".safetensors.index.json";

    private ShardedWriter() {}

    /**
     * Writes or replaces an index and its shards.
     *
     * @param index called {@code NAME.safetensors.index.json}
     * @param maxShardBytes how much a shard may hold; a larger tensor gets a shard of its own
     */
    public static void write(TensorSource source, Path index, long maxShardBytes) throws IOException {
        List<Path> files = files(source, index, maxShardBytes);
        List<List<NamedTensor>> shards = shards(source, maxShardBytes);
        Map<String, String> weightMap = new LinkedHashMap<>();
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            SafetensorsOutput.write(source, shards.get(i), source.metadata(), files.get(i));
            for (NamedTensor tensor : shards.get(i)) {
                weightMap.put(tensor.name(), String.valueOf(files.get(i).getFileName()));
                total += tensor.byteLength();
            }
        }
        Map<String, String> metadata = new TreeMap<>(source.metadata());
        metadata.put(ShardIndex.TOTAL_SIZE, String.valueOf(total));
        new ShardIndex(metadata, weightMap).write(index);
    }

    /** Returns the shards that {@link #write} would write or replace, besides the index. */
    public static List<Path> files(TensorSource source, Path index, long maxShardBytes) {
        String name = String.valueOf(index.getFileName());
        if (!name.endsWith(INDEX) || name.length() == INDEX.length()) {
            throw new IllegalArgumentException("expected an index called NAME" + INDEX + ", found '" + name + "'");
        }
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException("expected shards of at least 1 byte, found " + maxShardBytes);
        }
        String stem = name.substring(0, name.length() - INDEX.length());
        int count = shards(source, maxShardBytes).size();
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", stem, i, count))
                .map(index::resolveSibling)
                .toList();
    }

    private static List<List<NamedTensor>> shards(TensorSource source, long maxShardBytes) {
        List<List<NamedTensor>> shards = new ArrayList<>();
        List<NamedTensor> shard = new ArrayList<>();
        long bytes = 0;
        for (NamedTensor tensor : source.tensors().values()) {
            if (!shard.isEmpty() && bytes + tensor.byteLength() > maxShardBytes) {
                shards.add(shard);
                shard = new ArrayList<>();
                bytes = 0;
            }
            shard.add(tensor);
            bytes += tensor.byteLength();
        }
        shards.add(shard);
        return shards;
    }
}
