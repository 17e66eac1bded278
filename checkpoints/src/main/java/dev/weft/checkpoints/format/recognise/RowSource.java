package dev.weft.checkpoints.format.recognise;

import dev.weft.checkpoints.format.Dtype;
import dev.weft.checkpoints.format.Elements;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A file's tensors with the values of a row. What the row does not change is copied byte by byte. */
final class RowSource implements TensorSource {

    private final TensorFile file;
    private final Row row;
    private final Map<String, Placement> placements = new HashMap<>();

    RowSource(TensorFile file, List<Placement> placements, Row row) {
        this.file = file;
        this.row = row;
        placements.forEach(placement -> this.placements.put(placement.tensor(), placement));
    }

    @Override
    public String origin() {
        return file.origin();
    }

    @Override
    public Map<String, ? extends NamedTensor> tensors() {
        return file.tensors();
    }

    @Override
    public Map<String, String> metadata() {
        return file.metadata();
    }

    /** @throws FormatException.Unsupported if a value is too large for the tensor's type */
    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        ByteBuffer written = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        file.read(name, position, target);
        Placement placement = placements.get(name);
        if (placement == null) {
            return;
        }
        Dtype dtype = file.tensor(name).dtype();
        long first = position / dtype.bytes();
        int count = written.remaining() / dtype.bytes();
        ByteBuffer slice = written.slice().order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            long index = placement.layout().parameterIndex(first + i);
            int at = (int) (placement.parameter().offset() + index);
            if (!row.holds(at, Elements.real(slice, dtype, i))) {
                slice.position(i * dtype.bytes());
                Elements.putReal(slice, dtype, row.get(at));
                slice.position(0);
                requireFits(name, dtype, row.get(at), Elements.real(slice, dtype, i), first + i);
            }
        }
    }

    private void requireFits(String name, Dtype dtype, double value, double written, long index)
            throws FormatException {
        if (Double.isFinite(value) != Double.isFinite(written)) {
            throw new FormatException.Unsupported(
                    origin(), "tensor '" + name + "': value " + index + " is " + value + ", too large for " + dtype);
        }
    }
}
