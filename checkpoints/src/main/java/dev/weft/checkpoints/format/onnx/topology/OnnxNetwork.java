package dev.weft.checkpoints.format.onnx.topology;

import dev.weft.checkpoints.format.Elements;
import dev.weft.checkpoints.format.TensorSource;
import dev.weft.checkpoints.format.onnx.OnnxFile;
import dev.weft.checkpoints.format.onnx.OnnxTensor;
import dev.weft.network.Architecture;
import dev.weft.network.FormatException;
import dev.weft.network.ParameterTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The network that an ONNX graph computes.
 *
 * @param architecture of the family {@link OnnxTopology#FAMILY}
 * @param places for each of the architecture's parameters, by name, where its values are in the file
 * @param assumptions what was taken for granted, in words
 */
public record OnnxNetwork(Architecture architecture, Map<String, List<Piece>> places, List<String> assumptions) {

    private static final int PIECE = 1 << 18; // values read at once

    /**
     * A run of a tensor's values, row-major.
     *
     * @param first index of the first value
     * @param count how many
     */
    public record Piece(OnnxTensor tensor, long first, long count) {}

    public OnnxNetwork {
        places = Collections.unmodifiableMap(new LinkedHashMap<>(places));
        assumptions = List.copyOf(assumptions);
    }

    /**
     * Reads the values of all parameters.
     *
     * @param file that the network was read from
     * @return [P]; values of F64 are rounded
     * @throws FormatException.Unsupported if one array cannot hold them
     */
    public float[] row(OnnxFile file) throws IOException {
        long count = architecture.parameterCount();
        if (count > Integer.MAX_VALUE - 8) {
            throw new FormatException.Unsupported(file.origin(), count + " parameters, one array holds 2^31");
        }
        float[] row = new float[(int) count];
        for (ParameterTensor parameter : architecture.parameters()) {
            long at = parameter.offset();
            for (Piece piece : places.getOrDefault(parameter.name(), List.of())) {
                read(file, piece, row, (int) at);
                at += piece.count();
            }
        }
        return row;
    }

    private static void read(OnnxFile file, Piece piece, float[] row, int offset) throws IOException {
        int bytes = piece.tensor().dtype().bytes();
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(PIECE, piece.count()) * bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long done = 0; done < piece.count(); ) {
            int count = (int) Math.min(buffer.capacity() / bytes, piece.count() - done);
            buffer.clear().limit(count * bytes);
            file.read(piece.tensor(), (piece.first() + done) * bytes, buffer);
            buffer.flip();
            for (int i = 0; i < count; i++) {
                row[(int) (offset + done + i)] =
                        (float) Elements.real(buffer, piece.tensor().dtype(), i);
            }
            done += count;
        }
    }

    /**
     * Returns the tensors of the file with the values of a row, to be written with {@link
     * dev.weft.checkpoints.format.onnx.OnnxWriter}. Where the row has not changed a value, its bytes stay.
     *
     * @param file that the network was read from
     * @param row [P]
     * @throws IllegalArgumentException if the row has two values for a tensor that is used twice
     */
    public TensorSource tensors(OnnxFile file, float[] row) {
        architecture.requireRowLength(row.length);
        return new ChangedTensors(file, this, row);
    }
}
