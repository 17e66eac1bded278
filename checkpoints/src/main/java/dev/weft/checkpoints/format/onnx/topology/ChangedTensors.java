package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.Elements;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxTensor;
import dev.weft.checkpoints.format.onnx.topology.OnnxNetwork.Piece;
import dev.weft.network.ParameterTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model's tensors with the values of a row in their places. */
final class ChangedTensors implements TensorSource {

    private final OnnxFile file;
    private final float[] row;
    private final Map<String, List<Place>> places = new HashMap<>();

    /** @param offset of the piece's values in the row */
    private record Place(Piece piece, int offset) {}

    ChangedTensors(OnnxFile file, OnnxNetwork network, float[] row) {
        this.file = file;
        this.row = row;
        for (ParameterTensor parameter : network.architecture().parameters()) {
            long at = parameter.offset();
            for (Piece piece : network.places().getOrDefault(parameter.name(), List.of())) {
                add(new Place(piece, (int) at));
                at += piece.count();
            }
        }
    }

    private void add(Place place) {
        List<Place> others = places.computeIfAbsent(place.piece.tensor().name(), name -> new ArrayList<>());
        others.forEach(other -> requireSame(other, place));
        others.add(place);
    }

    private void requireSame(Place a, Place b) {
        long from = Math.max(a.piece.first(), b.piece.first());
        long to = Math.min(a.piece.first() + a.piece.count(), b.piece.first() + b.piece.count());
        for (long i = from; i < to; i++) {
            float first = row[(int) (a.offset + i - a.piece.first())];
            float second = row[(int) (b.offset + i - b.piece.first())];
            if (Float.floatToRawIntBits(first) != Float.floatToRawIntBits(second)) {
                throw new IllegalArgumentException("tensor '" + a.piece.tensor().name() + "' of " + file.origin()
                        + " is used twice, and the row has " + first + " and " + second + " for its value " + i);
            }
        }
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

    @Override
    public void read(String name, long position, ByteBuffer target) throws IOException {
        OnnxTensor tensor = (OnnxTensor) file.tensor(name);
        int bytes = tensor.dtype().bytes();
        long first = position / bytes;
        int count = target.remaining() / bytes;
        ByteBuffer written = target.slice().order(ByteOrder.LITTLE_ENDIAN);
        file.read(name, position, target);
        for (Place place : places.getOrDefault(name, List.of())) {
            long from = Math.max(first, place.piece.first());
            long to = Math.min(first + count, place.piece.first() + place.piece.count());
            for (long i = from; i < to; i++) {
                put(written, tensor, (int) (i - first), row[(int) (place.offset + i - place.piece.first())]);
            }
        }
    }

    private static void put(ByteBuffer written, OnnxTensor tensor, int index, float value) {
        float old = (float) Elements.real(written.position(0), tensor.dtype(), index);
        if (Float.floatToRawIntBits(old) != Float.floatToRawIntBits(value)) {
            Elements.putReal(written.position(index * tensor.dtype().bytes()), tensor.dtype(), value);
        }
    }
}
