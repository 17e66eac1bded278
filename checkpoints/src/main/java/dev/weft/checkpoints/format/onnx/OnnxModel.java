package dev.weft.checkpoints.format.onnx;

import java.util.List;
import java.util.Map;

/**
 * An ONNX model.
 *
 * @param irVersion version of the file format
 * @param producer name and version of what wrote it, may be empty
 * @param opsets version of each operator set by domain; the domain of ONNX's own operators is empty
 * @param metadata free texts
 * @param functions names of the functions that the model brings along, {@code domain.name}; their bodies are not read
 */
public record OnnxModel(
        long irVersion,
        String producer,
        Map<String, Long> opsets,
        Map<String, String> metadata,
        List<String> functions,
        OnnxGraph graph) {}
