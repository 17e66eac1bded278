package dev.weft.cli.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.weft.checkpoints.format.NamedTensor;
import dev.weft.checkpoints.format.TensorFile;
import dev.weft.checkpoints.format.TensorStatistics;
import dev.weft.checkpoints.format.recognise.Hints;
import dev.weft.network.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What is in a checkpoint.
 *
 * @param tensors in the file's order
 * @param parameters values of all tensors together
 * @param bytes of all tensors together
 * @param network what was recognised, if anything was
 * @param unrecognised why nothing was, otherwise
 */
public record CheckpointSummary(
        Path file,
        String format,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable NetworkSummary network,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String unrecognised,
        List<Tensor> tensors,
        long parameters,
        long bytes,
        Map<String, String> metadata) {

    /**
     * A tensor.
     *
     * @param statistics only if asked for, and of types that have any
     */
    public record Tensor(
            String name,
            String dtype,
            List<Long> shape,
            long bytes,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            TensorStatistics statistics) {}

    /**
     * Describes a file.
     *
     * @param progress takes how many bytes were read so far, of those of tensors that have statistics
     */
    static CheckpointSummary of(TensorFile file, boolean statistics, LongConsumer progress) throws IOException {
        List<Tensor> tensors = new ArrayList<>();
        long parameters = 0;
        long bytes = 0;
        for (NamedTensor tensor : file.tensors().values()) {
            boolean applies = statistics && TensorStatistics.applyTo(tensor.dtype());
            tensors.add(new Tensor(
                    tensor.name(),
                    tensor.dtype().name(),
                    tensor.shape(),
                    tensor.byteLength(),
                    applies ? TensorStatistics.of(file, tensor) : null));
            parameters += tensor.elements();
            bytes += tensor.byteLength();
            progress.accept(bytes);
        }
        return new CheckpointSummary(
                file.file(), file.format(), null, null, tensors, parameters, bytes, file.metadata());
    }

    /**
     * Describes a file and the network in it, which need not be one that anybody knows.
     *
     * @param name what to call the file
     */
    public static CheckpointSummary of(TensorFile file, String name, boolean statistics, Hints hints)
            throws IOException {
        CheckpointSummary tensors = of(file, statistics, bytes -> {}).called(name);
        try {
            return tensors.with(FoundNetwork.in(file, hints).summary(), null);
        } catch (FormatException e) {
            return tensors.with(null, String.valueOf(e.getMessage()).replace(file.origin(), name));
        }
    }

    private CheckpointSummary called(String name) {
        return new CheckpointSummary(
                Path.of(name), format, network, unrecognised, tensors, parameters, bytes, metadata);
    }

    /** Returns the same with what was found out about the network. */
    CheckpointSummary with(@Nullable NetworkSummary found, @Nullable String reason) {
        return new CheckpointSummary(file, format, found, reason, tensors, parameters, bytes, metadata);
    }
}
