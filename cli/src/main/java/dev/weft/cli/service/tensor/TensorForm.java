package dev.weft.cli.service.tensor;

import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.SafetensorsOutput;
import dev.weft.checkpoints.format.TensorSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.OptionalLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;

/** The forms in which tensors are answered, each written tensor by tensor. */
public enum TensorForm {

    /** One file of safetensors: every tensor in its own type. */
    SAFETENSORS("application/x-safetensors", "safetensors") {
        @Override
        public Prepared prepare(TensorSource source) throws IOException {
            SafetensorsOutput output = SafetensorsOutput.of(source);
            return new Prepared(OptionalLong.of(output.length()), out -> output.writeTo(Channels.newChannel(out)));
        }
    },

    /** An Arrow stream of a {@link TensorSchema}. */
    ARROW("application/vnd.apache.arrow.stream", "arrows") {
        @Override
        public Prepared prepare(TensorSource source) {
            return new Prepared(OptionalLong.empty(), out -> writeArrow(source, out));
        }
    };

    private final String mediaType;
    private final String extension;

    TensorForm(String mediaType, String extension) {
        this.mediaType = mediaType;
        this.extension = extension;
    }

    /**
     * An answer that is ready to be written.
     *
     * @param length in bytes, where it is known
     */
    public record Prepared(OptionalLong length, Content content) {}

    /** Writes an answer. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    public String mediaType() {
        return mediaType;
    }

    /** Returns the usual end of a file's name. */
    public String extension() {
        return extension;
    }

    /** Lays out an answer, as far as that can be done without its values. */
    public abstract Prepared prepare(TensorSource source) throws IOException;

    private static void writeArrow(TensorSource source, OutputStream out) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(TensorSchema.of(source), allocator);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, out)) {
            writer.start();
            for (NamedTensor tensor : TensorSchema.tensors(source)) {
                TensorSchema.fill(root, source, tensor);
                writer.writeBatch();
            }
            writer.end();
        }
    }
}
