package dev.weft.checkpoints.format;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Single safetensors files. */
public final class SafetensorsFormat implements TensorFormat {

    @Override
    public String name() {
        return Safetensors.FORMAT;
    }

    @Override
    public List<String> extensions() {
        return List.of(".safetensors");
    }

    @Override
    public boolean matches(FileStart start) {
        return start.at(Long.BYTES) == '{'
                && start.bytes().getLong(0) <= start.size()
                && start.bytes().getLong(0) > 0;
    }

    @Override
    public TensorFile open(Path file) throws IOException {
        return Safetensors.open(file);
    }

    @Override
    public void write(TensorSource source, Path file) throws IOException {
        SafetensorsOutput.write(source, file);
    }
}
