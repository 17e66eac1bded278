package dev.weft.checkpoints.format.onnx;

import dev.weft.checkpoints.format.FileStart;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.TensorSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** ONNX models. Tensors from elsewhere become a model with initializers and no nodes. */
public final class OnnxFormat implements TensorFormat {

    private static final int IR_VERSION_TAG = OnnxFields.IR_VERSION << 3;
    private static final int IR_VERSION_LIMIT = 100;

    @Override
    public String name() {
        return OnnxFile.FORMAT;
    }

    @Override
    public List<String> extensions() {
        return List.of(".onnx");
    }

    /** Models begin with the version of the file format. */
    @Override
    public boolean matches(FileStart start) {
        return start.at(0) == IR_VERSION_TAG && start.at(1) > 0 && start.at(1) < IR_VERSION_LIMIT;
    }

    @Override
    public TensorFile open(Path file) throws IOException {
        return OnnxFile.open(file);
    }

    @Override
    public void write(TensorSource source, Path file) throws IOException {
        OnnxWriter.write(source, file);
    }
}
