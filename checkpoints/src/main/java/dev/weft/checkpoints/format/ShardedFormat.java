package dev.weft.checkpoints.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Checkpoints in several files with an index; the files that are written are safetensors. */
public final class ShardedFormat implements TensorFormat {

    /** How large a shard may become unless the caller says otherwise, as Hugging Face has it. */
    public static final long MAX_SHARD_BYTES_DEFAULT = 5_000_000_000L;

    @Override
    public String name() {
        return ShardedFile.FORMAT;
    }

    @Override
    public List<String> extensions() {
        return List.of(ShardedWriter.INDEX);
    }

    /** JSON starts with a brace, perhaps behind blanks. */
    @Override
    public boolean matches(FileStart start) {
        int at = 0;
        while (start.at(at) == ' ' || start.at(at) == '\t' || start.at(at) == '\r' || start.at(at) == '\n') {
            at++;
        }
        return start.at(at) == '{';
    }

    @Override
    public TensorFile open(Path file) throws IOException {
        return ShardedFile.open(file);
    }

    @Override
    public void write(TensorSource source, Path file) throws IOException {
        ShardedWriter.write(source, file, MAX_SHARD_BYTES_DEFAULT);
    }
}
