package dev.weft.checkpoints.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

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
        String name = String.valueOf(index.getFileName());
        if (!name.endsWith(INDEX) || name.length() == INDEX.length()) {
            throw new IllegalArgumentException("expected an index called NAME" + INDEX + ", found '" + name + "'");
        }
        if (maxShardBytes < 1) {
            throw new IllegalArgumentException("expected shards of at least 1 byte, found " + maxShardBytes);
        }
        String stem = name.substring(0, name.length() - INDEX.length());
        List<List<NamedTensor>> shards = shards(source, maxShardBytes);
        Map<String, String> weightMap = new LinkedHashMap<>();
        long total = 0;
        for (int i = 0; i < shards.size(); i++) {
            String shard = String.format(Locale.ROOT, "%s-%05d-of-%05d.safetensors", stem, i + 1, shards.size());
            SafetensorsOutput.write(source, shards.get(i), source.metadata(), index.resolveSibling(shard));
            for (NamedTensor tensor : shards.get(i)) {
                weightMap.put(tensor.name(), shard);
                total += tensor.byteLength();
            }
        }
        Map<String, String> metadata = new TreeMap<>(source.metadata());
        metadata.put(ShardIndex.TOTAL_SIZE, String.valueOf(total));
        new ShardIndex(metadata, weightMap).write(index);
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
