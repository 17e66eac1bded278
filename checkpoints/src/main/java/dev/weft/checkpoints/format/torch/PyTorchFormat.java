package dev.weft.checkpoints.format.torch;

import dev.weft.checkpoints.format.FileStart;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorFormat;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** State dicts of PyTorch: the zip format, in use since version 1.6. Older ones are refused with advice. */
public final class PyTorchFormat implements TensorFormat {

    private static final int PICKLE = 0x80;
    private static final int TAR_MAGIC = 257;
    private static final String RESAVE =
            "; in Python, save it anew with torch.save(torch.load(FILE, weights_only=True), \"new.pt\")";

    @Override
    public String name() {
        return PyTorchFile.FORMAT;
    }

    @Override
    public List<String> extensions() {
        return List.of(".pt", ".pth", ".bin", ".ckpt");
    }

    @Override
    public boolean matches(FileStart start) {
        return isZip(start) || isPickle(start) || isTar(start);
    }

    private static boolean isZip(FileStart start) {
        return start.has(0, "PK\u0003\u0004");
    }

    private static boolean isPickle(FileStart start) {
        return start.at(0) == PICKLE && start.at(1) >= 1 && start.at(1) <= 5;
    }

    private static boolean isTar(FileStart start) {
        return start.has(TAR_MAGIC, "ustar");
    }

    @Override
    public TensorFile open(Path file) throws IOException {
        FileStart start = FileStart.of(file);
        if (isPickle(start)) {
            throw new FormatException.Unsupported(
                    file.toString(), "this is a bare pickle, as torch.save wrote it before version 1.6" + RESAVE);
        }
        if (isTar(start)) {
            throw new FormatException.Unsupported(
                    file.toString(), "this is a tar archive, as torch.save wrote it in 2016" + RESAVE);
        }
        return PyTorchFile.open(file);
    }

    @Override
    public void write(TensorSource source, Path file) throws IOException {
        PyTorchWriter.write(source, file);
    }
}
